import type { components } from './schema'

export type ProblemDocument = components['schemas']['Problem']

/** A refusal by the API: stable reason, clause, figures, what to do next. Never a stack trace. */
export class Problem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.detail)
    this.name = 'Problem'
  }

  get reason(): string {
    return this.document.reason
  }
}

/** The network is gone or the answer is none of ours. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

export function isProblem(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && 'reason' in body && 'detail_zh' in body
}
