import { api, type Schemas } from './client'
import { isProblem, Problem, Unreachable } from './problem'
import { accessToken } from './session'

/** Send a file; the server checks what it is and answers how a record refers to it. */
export async function upload(file: File): Promise<Schemas['activity.v1.Attachment']> {
  let response: Response
  try {
    response = await fetch(`/v1/uploads?${new URLSearchParams({ file_name: file.name })}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await accessToken()}`,
        'accept-language': document.documentElement.lang,
        'content-type': file.type || 'application/octet-stream',
      },
      body: file,
    })
  } catch {
    throw new Unreachable()
  }
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return (answer as { attachment: Schemas['activity.v1.Attachment'] }).attachment
  if (isProblem(answer)) throw new Problem(answer)
  throw new Unreachable()
}

/** The bytes of a follow-up's file, or of its thumbnail; for those who may read the follow-up. */
export async function download(
  follow_up_id: string,
  attachment_id: string,
  size: '' | 'thumb' = '',
): Promise<Blob> {
  const params = { path: { follow_up_id, attachment_id }, query: { size } }
  const path = '/v1/followUps/{follow_up_id}/attachments/{attachment_id}'
  const { data, error, response } = await api.GET(path, { params, parseAs: 'blob' })
  if (response.ok && data) return data as Blob
  throw isProblem(error) ? new Problem(error) : new Unreachable()
}
