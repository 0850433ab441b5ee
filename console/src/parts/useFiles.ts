import { onScopeDispose, reactive } from 'vue'
import type { Message } from '@/api/client'
import { download } from '@/api/uploads'

type Attachment = Message<'activity.v1.Attachment'>

/** The files of a follow-up: photos with their thumbnails, fetched at once, and papers. */
export function useFiles(followUp: string, files: Attachment[]) {
  const thumbs = reactive(new Map<string, string>())
  const failed = reactive(new Set<string>())
  const made: string[] = []
  const photos = files.filter(({ media_type }) => media_type.startsWith('image/'))
  const papers = files.filter(({ media_type }) => !media_type.startsWith('image/'))

  /** Return an address of the file for this page alone, valid while its reader is there. */
  async function fetchFile(file: Attachment, size: '' | 'thumb' = ''): Promise<string> {
    const url = URL.createObjectURL(await download(followUp, file.attachment_id, size))
    made.push(url)
    return url
  }

  for (const photo of photos) {
    fetchFile(photo, 'thumb').then(
      (url) => thumbs.set(photo.attachment_id, url),
      () => failed.add(photo.attachment_id),
    )
  }
  onScopeDispose(() => made.forEach((url) => URL.revokeObjectURL(url)))
  return { photos, papers, thumbs, failed, fetchFile }
}
