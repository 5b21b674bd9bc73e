import { describe, expect, it } from 'vitest'
import { openDesk, testExchange } from '#test/support/exchange.ts'
import { askForApproval } from './ask-for-approval.ts'

describe('what a client is asked to have approved', () => {
  const exchange = testExchange({ abilities: ['elicit_form'] })

  it('is shown whole in its dialog', async () => {
    const call = { name: 'example_delete', arguments: { id: 'p1', text: 'the end' } }
    const asked = await askForApproval(openDesk(), call, { exchange, answer: 'nothing' })
    expect(asked.ok).toBe(true)
    const message = JSON.stringify(asked.ok ? asked.value : null)
    expect(message).toContain('p1')
    expect(message).toContain('the end')
  })

  it('is shown as it was approved: with ids in place of titles', async () => {
    const desk = openDesk()
    const request: typeof desk.request = (principal, call, requestId) =>
      desk.request(principal, { ...call, arguments: { page_id: 'id-1' } }, requestId)
    const call = { name: 'example_delete', arguments: { page_id: 'Plans' } }
    const asked = await askForApproval({ ...desk, request }, call, { exchange, answer: 'nothing' })
    expect(JSON.stringify(asked.ok ? asked.value : null)).toContain('id-1')
  })

  it('says of what each argument names whether it was found', async () => {
    const desk = openDesk()
    const targets = [
      { argument: 'page_id', title: null, outcome: 'no_such_target' as const },
      { argument: 'after', title: null, outcome: 'not_in_time' as const },
      { argument: 'block_id', title: null, outcome: 'read' as const },
    ]
    const request: typeof desk.request = async (principal, call, requestId) => {
      const pending = await desk.request(principal, call, requestId)
      return pending.ok ? { ok: true, value: { ...pending.value, targets } } : pending
    }
    const call = { name: 'example_delete', arguments: { page_id: 'id-1' } }
    const asked = await askForApproval({ ...desk, request }, call, { exchange, answer: 'nothing' })
    const message = JSON.stringify(asked.ok ? asked.value : null)
    expect(message).toContain('page_id: nothing with this id was found')
    expect(message).toContain('after: its title could not be read in time')
    expect(message).not.toContain('block_id:')
  })

  it('is shown on the page where it is too long for a dialog: nobody approves what they cannot see', async () => {
    const call = { name: 'example_delete', arguments: { text: 'x'.repeat(5_000), end: 'unseen' } }
    const asked = await askForApproval(openDesk(), call, { exchange, answer: 'nothing' })
    expect(asked).toMatchObject({ ok: false, problem: { code: 'approval_required' } })
  })
})
