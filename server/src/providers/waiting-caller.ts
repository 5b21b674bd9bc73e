/**
 * Whoever waits for a call, as far as they can be reached while it runs: an MCP client that shows progress, or can put a
 * question to its user. Made for one call, and worth nothing after it. A call of an agent, or of a program, has none.
 */
export interface WaitingCaller {
  /** Absent where the caller did not ask to be told. */
  readonly onProgress?: (progress: CallProgress) => void
  /** Null where the caller cannot put such a question to its user. */
  readonly ask?: (question: CallQuestion) => Promise<CallAnswer | null>
}

/** How far the work is, in units of its own. */
export interface CallProgress {
  readonly progress: number
  readonly total?: number | undefined
  readonly message?: string | undefined
}

export type CallQuestion = FormQuestion | LinkQuestion

export interface FormQuestion {
  readonly kind: 'form'
  readonly message: string
  /** The fields as the protocol restricts them: an object of plain values (2025-11-25, client/elicitation). */
  readonly schema: FormSchema
}

export interface FormSchema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly required?: readonly string[]
}

/** The user is to open an address; what they do there stays between them and that site. */
export interface LinkQuestion {
  readonly kind: 'url'
  readonly message: string
  readonly url: string
}

export interface CallAnswer {
  readonly action: 'accept' | 'decline' | 'cancel'
  /** Of a form; as the client sent it, so not to be trusted. */
  readonly content?: Readonly<Record<string, unknown>>
}
