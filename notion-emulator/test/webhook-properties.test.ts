import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AURORA_HOME, paragraph, raw } from './support/emulator.ts'
import { briefly, subscribe, wiredEmulator, type Wired } from './support/webhooks.ts'

const MINUTE = 60_000
const RUNS = 25

/** What a step does to one of the pages that were made so far. */
type Step = { act: 'create' | 'append' | 'lock' | 'unlock' | 'trash' | 'restore' | 'comment' | 'send'; page: number }

const steps = fc.array(
  fc.record({
    act: fc.constantFrom<Step['act'][]>('create', 'append', 'lock', 'unlock', 'trash', 'restore', 'comment', 'send'),
    page: fc.nat({ max: 4 }),
  }),
  { maxLength: 30 },
)

interface ModelPage {
  id: string
  isLocked: boolean
  isTrashed: boolean
}

/** Does the steps, and says which events they must have caused: worked out from the steps, not from the state. */
async function play(wired: Wired, script: Step[]): Promise<string[]> {
  const pages: ModelPage[] = []
  const expected: string[] = []
  for (const step of script) {
    const page = pages[step.page % Math.max(pages.length, 1)]
    if (step.act === 'send') await wired.emulator.control.webhooks.flush()
    else if (step.act === 'create' || page === undefined) pages.push(create(wired, expected))
    else ACTS[step.act](wired, page, expected)
  }
  return expected
}

function send(wired: Wired, target: string, body: unknown): Record<string, unknown> {
  const answer = raw(wired.emulator, target, { body })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

function create(wired: Wired, expected: string[]): ModelPage {
  const id = String(send(wired, 'POST /v1/pages', { parent: { page_id: AURORA_HOME } })['id'])
  expected.push(`page.created ${id}`, `page.content_updated ${AURORA_HOME}`)
  return { id, isLocked: false, isTrashed: false }
}

type Act = (wired: Wired, page: ModelPage, expected: string[]) => void

function changeLock(isLocked: boolean): Act {
  return (wired, page, expected) => {
    if (page.isTrashed) return
    send(wired, `PATCH /v1/pages/${page.id}`, { is_locked: isLocked })
    if (page.isLocked !== isLocked) expected.push(`page.${isLocked ? 'locked' : 'unlocked'} ${page.id}`)
    page.isLocked = isLocked
  }
}

function changeTrash(isTrashed: boolean): Act {
  return (wired, page, expected) => {
    if (page.isTrashed === isTrashed) return
    send(wired, `PATCH /v1/pages/${page.id}`, { in_trash: isTrashed })
    expected.push(`page.${isTrashed ? 'deleted' : 'undeleted'} ${page.id}`, `page.content_updated ${AURORA_HOME}`)
    page.isTrashed = isTrashed
  }
}

const ACTS: Record<Exclude<Step['act'], 'create' | 'send'>, Act> = {
  lock: changeLock(true),
  unlock: changeLock(false),
  trash: changeTrash(true),
  restore: changeTrash(false),
  append: (wired, page, expected) => {
    if (page.isTrashed) return
    send(wired, `PATCH /v1/blocks/${page.id}/children`, { children: [paragraph('a'), paragraph('b')] })
    expected.push(`page.content_updated ${page.id}`)
  },
  comment: (wired, page, expected) => {
    if (page.isTrashed) return
    const made = send(wired, 'POST /v1/comments', { parent: { page_id: page.id }, markdown: 'a' })
    expected.push(`comment.created ${String(made['id'])}`)
  },
}

describe('events of any sequence of changes', () => {
  it('arrive once each, in order, whenever they are sent', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const wired = wiredEmulator('tenant-aurora')
        await subscribe(wired)
        const expected = await play(wired, script)
        await wired.emulator.control.webhooks.flush()
        expect(briefly(wired.receiver.events)).toEqual(expected)
        expect(new Set(wired.receiver.events.map((event) => event.id)).size).toBe(expected.length)
      }),
      { numRuns: RUNS },
    )
  })

  it('are accepted once each by a receiver that fails now and then, however late', async () => {
    const moods = fc.array(fc.constantFrom(200, 500, 503, 429), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(steps, moods, async (script, statuses) => {
        const wired = wiredEmulator('tenant-aurora')
        await subscribe(wired)
        wired.receiver.statuses = [...statuses.slice(0, 7), 200]
        const expected = await play(wired, script)
        for (let round = 0; round < 24; round += 1) {
          await wired.emulator.control.webhooks.flush()
          wired.emulator.control.advanceClock(60 * MINUTE)
        }
        const deliveries = wired.emulator.control.webhooks.deliveries().filter((entry) => entry.type !== 'verification')
        expect(deliveries.map((entry) => entry.status)).toEqual(expected.map(() => 'delivered'))
        expect(deliveries.map((entry) => `${entry.type} ${entry.entityId}`)).toEqual(expected)
        for (const { attempts } of deliveries) {
          expect(attempts.filter((attempt) => attempt.status === 200)).toHaveLength(1)
          expect(attempts.at(-1)?.status).toBe(200)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('leave nothing but what remained when they all fall into one window', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const wired = wiredEmulator('tenant-aurora', { webhookWindowMs: MINUTE })
        await subscribe(wired)
        const expected = await play(
          wired,
          script.filter((step) => step.act !== 'send'),
        )
        await wired.emulator.control.webhooks.flush()
        const arrived = briefly(wired.receiver.events)
        const lasting = arrived.filter((entry) => !/\.(locked|unlocked) |^comment/.test(entry))
        expect(new Set(lasting).size).toBe(lasting.length)
        for (const entry of arrived) expect(expected).toContain(entry)
        // All pages are new: those in the trash at the end were never there, and the others were never deleted.
        expect(lasting.filter((entry) => /^page\.(un)?deleted /.test(entry))).toEqual([])
        expect(lasting.filter((entry) => entry.startsWith('page.created '))).toEqual(livingPages(expected))
      }),
      { numRuns: RUNS },
    )
  })
})

/** The creation of each page that is there at the end. */
function livingPages(expected: string[]): string[] {
  const living = new Map<string, boolean>()
  for (const entry of expected) {
    const [type = '', id = ''] = entry.split(' ')
    if (['page.created', 'page.undeleted'].includes(type)) living.set(id, true)
    if (type === 'page.deleted') living.set(id, false)
  }
  return [...living].flatMap(([id, isLiving]) => (isLiving ? [`page.created ${id}`] : []))
}
