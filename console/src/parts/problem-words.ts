import { ChaveiroError, StreamCutError } from '@chaveiro/sdk'
import type { Words } from '../language.ts'
import { PROBLEM_KEYS } from './problem-keys.ts'

/** What a person is told of something that went wrong. */
export interface ToldProblem {
  readonly text: string
  /** The server's own sentence, where it says more than ours and is in another language. */
  readonly original: string | undefined
  readonly requestId: string | undefined
}

/** The server explains itself in English; where another language is read, its code is put into that one. */
export function toldProblem(error: unknown, { t, language }: Pick<Words, 't' | 'language'>): ToldProblem {
  if (error instanceof StreamCutError) return { text: t('problem.cut'), original: undefined, requestId: undefined }
  if (!(error instanceof ChaveiroError)) {
    const text = t(isNetworkError(error) ? 'problem.offline' : 'problem.bug')
    return { text, original: undefined, requestId: undefined }
  }
  const { requestId, message } = error
  const key = PROBLEM_KEYS[error.code]
  if (key !== undefined && SAID_WHOLE.has(error.code))
    return { text: t(key), original: undefined, requestId: undefined }
  if (language === 'en') {
    const text = error.code === 'unexpected_answer' ? t('problem.unexpected_answer') : message
    return { text, original: undefined, requestId }
  }
  return { text: t(key ?? 'problem.unexpected_answer'), original: message, requestId }
}

/** Slips of a person, which our own sentence says whole: there is nothing to report, and no number to report it by. */
const SAID_WHOLE: ReadonlySet<string> = new Set(['invalid_credentials'])

/** How Chromium, Firefox and Safari call a request that nobody answered; they have no other mark. */
const NETWORK = /fetch|network|load failed/i

function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError && NETWORK.test(error.message)
}
