import { expect, it, vi } from 'vitest'
import { useCommand } from './useCommand'

vi.mock('./telling', () => ({ tellRefusal: () => true, tellSuccess: () => undefined }))

it('sends nothing when what it needs is not ready', async () => {
  const send = vi.fn(() => Promise.resolve('sent'))
  const command = useCommand(send, undefined, undefined, () => Promise.resolve(false))

  expect(await command.run()).toBeUndefined()
  expect(send).not.toHaveBeenCalled()
  expect(command.busy.value).toBe(false)
})

it('sends once, however often it is pressed while it gets ready', async () => {
  let settle: (ready: boolean) => void = () => undefined
  const ready = new Promise<boolean>((resolve) => (settle = resolve))
  const send = vi.fn(() => Promise.resolve('sent'))
  const command = useCommand(send, undefined, undefined, () => ready)

  const first = command.run()
  const second = command.run()
  expect(command.busy.value).toBe(true)
  settle(true)

  expect(await first).toBe('sent')
  expect(await second).toBeUndefined()
  expect(send).toHaveBeenCalledOnce()
})
