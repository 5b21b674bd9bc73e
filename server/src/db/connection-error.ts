/** Socket errors, and PostgreSQL's classes 08 (connection), 28 (authorization), 3D (no such database), 57P (shutting down). */
const CODES = /^(E[A-Z]+|08...|28...|3D...|57P..)$/
/** How the driver says that no connection was to be had in time, or that it broke in the middle. */
const MESSAGES = /timeout exceeded when trying to connect|Connection terminated/i

/** True where the database is away, rather than displeased with a question. */
export function isConnectionError(error: unknown): boolean {
  if (CODES.test(codeOf(error))) return true
  return error instanceof Error && MESSAGES.test(error.message)
}

/** The code of a socket or of PostgreSQL (SQLSTATE); empty where the error has none. */
export function codeOf(error: unknown): string {
  return (error as { code?: string } | null)?.code ?? ''
}
