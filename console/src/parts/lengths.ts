/** The longest texts that the server takes, in characters. */

/** Of people, agents and tokens. */
export const NAME_CHARACTERS = 100
/** Of a connection, as its user calls it. */
export const LABEL_CHARACTERS = 100
/** Of a remote server. */
export const ADDRESS_CHARACTERS = 2_000
/** RFC 5321, 4.5.3.1.3, less its brackets. */
export const EMAIL_CHARACTERS = 254
/** Why somebody is kept out, or a provider cut off. */
export const REASON_CHARACTERS = 500
