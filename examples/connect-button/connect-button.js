/**
 * For a product's own page: opens the dialog in which its user connects an account, and tells how it ended. No dependencies.
 *
 * The link is asked for by the product's server, with the token of the user who is signed in there. Two pages take part: the
 * one with the button calls {@link connect}, and the one that `return_to` names calls {@link reportBack}.
 */

/**
 * How it ended. `connected` is the id of the connection; ask the server before it is believed.
 * @typedef {{ readonly connected: number } | { readonly error: string }} Ending
 */

/** One channel for each attempt, so that two windows of one person do not hear each other. */
const channelName = (/** @type {string} */ attempt) => `connect-account-${attempt}`
/** A link lasts ten minutes; a minute more for the way back. */
const PATIENCE_MS = 11 * 60_000
const WINDOW_FEATURES = 'popup,width=480,height=720'

/**
 * Opens a window, and resolves when the person is back, or with `expired` when they do not come. Where no window may be
 * opened, the whole page goes, and this never resolves: the page of `return_to` goes on. Call it from the click itself.
 * @param {(attempt: string) => Promise<string>} askForLink resolves with `url` of POST /api/connect-sessions; `attempt` is to
 *   stand in the query of its `return_to`
 * @returns {Promise<Ending>}
 */
export async function connect(askForLink) {
  // Before anything is awaited: browsers let a click open a window, and nothing later.
  const opened = window.open('about:blank', '_blank', WINDOW_FEATURES)
  const attempt = crypto.randomUUID()
  let link
  try {
    link = await askForLink(attempt)
  } catch (error) {
    opened?.close()
    throw error
  }
  if (opened === null) {
    window.location.assign(link)
    return new Promise(() => {})
  }
  const ended = waitFor(attempt)
  opened.location.replace(link)
  return ended
}

/** The page of links keeps no tie to whoever opened it, so its window reports over a channel of the product's own origin. */
function waitFor(/** @type {string} */ attempt) {
  const channel = new BroadcastChannel(channelName(attempt))
  return /** @type {Promise<Ending>} */ (
    new Promise((resolve) => {
      const patience = setTimeout(() => end({ error: 'expired' }), PATIENCE_MS)
      const end = (/** @type {Ending} */ ending) => {
        clearTimeout(patience)
        channel.close()
        resolve(ending)
      }
      channel.addEventListener('message', ({ data }) => end(data), { once: true })
    })
  )
}

/**
 * For the page of `return_to`: tells the page with the button, and closes its window where browsers let it.
 * @returns {Ending} for a page that was not opened as a window
 */
export function reportBack() {
  const query = new URLSearchParams(window.location.search)
  const connected = Number(query.get('connected') ?? Number.NaN)
  const ending = Number.isInteger(connected) ? { connected } : { error: query.get('connect_error') ?? 'unknown' }
  const attempt = query.get('attempt')
  if (attempt !== null) {
    const channel = new BroadcastChannel(channelName(attempt))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin alone
    channel.postMessage(ending)
    channel.close()
    window.close()
  }
  return ending
}
