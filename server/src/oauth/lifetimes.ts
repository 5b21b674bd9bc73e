/** How long everything of the authorization server lives, in seconds. */

const MINUTE = 60
const DAY = 24 * 60 * MINUTE

/** Short, because a token that left our hands is checked against its grant only here (RFC 9700 2.2.1 asks for short). */
export const ACCESS_TOKEN_SECONDS = 10 * MINUTE
/** RFC 6749 4.1.2 allows ten minutes; a client exchanges its code at once. */
export const CODE_SECONDS = MINUTE
/** From the consent to the last use of its refresh tokens. Rotation does not extend it: the user is asked again each month. */
export const GRANT_SECONDS = 30 * DAY
/** For a person who still has to sign in, or sign up; MCP's security pages allow no more. The pages say it in words. */
export const INTERACTION_SECONDS = 10 * MINUTE
/** A refresh token may come again within this time if its successor was not used yet: its answer was lost, or two were sent at once. */
export const REFRESH_GRACE_SECONDS = 30
/** Longer than issuing tokens for a code takes. */
export const CODE_EXCHANGE_SECONDS = 2
/** A client that registered itself and was never let in by anybody. */
export const UNUSED_CLIENT_SECONDS = DAY
/** A client that registered itself and was let in, counted from the last time that it got a token. */
export const USED_CLIENT_SECONDS = 90 * DAY
/** Age at which the key that signs access tokens is replaced. */
export const SIGNING_KEY_SECONDS = 30 * DAY
/** A retired key is published until every token that it signed has expired, and a minute more for clocks that differ. */
export const RETIRED_KEY_SECONDS = ACCESS_TOKEN_SECONDS + MINUTE
/** A day: as long as ended grants are kept. */
export const USED_CODE_SECONDS = 24 * 60 * 60
