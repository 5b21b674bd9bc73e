import { array, literal, optional, string, uuid } from '../validation/check.ts'
import { EVENT_TYPES } from '../webhooks/model.ts'
import type { SubscriptionChange, SubscriptionDraft } from '../webhooks/subscriptions.ts'
import { draftOf, text, type Action } from './control-body.ts'

const changeMembers = {
  url: optional(string()),
  eventTypes: optional(array(literal(...EVENT_TYPES))),
  apiVersion: optional(literal('2022-06-28', '2025-09-03', '2026-03-11')),
}
const draftMembers = { ...changeMembers, url: string(), integrationId: uuid }

/** Subscriptions to events: what a developer does on the pages of an integration, and what was sent. */
export const WEBHOOK_ACTIONS: Record<string, Action> = {
  'GET /webhooks': (control) => ({ webhooks: control.webhooks.list() }),
  'POST /webhooks': (control, body) => control.webhooks.create(draftOf<SubscriptionDraft>(draftMembers, body)),
  'POST /webhooks/verify': (control, body) => ({
    verified: control.webhooks.verify(text(body, 'id'), text(body, 'verification_token')),
  }),
  'POST /webhooks/resend': (control, body) => {
    control.webhooks.resend(text(body, 'id'))
    return {}
  },
  'PATCH /webhooks': (control, body, id) =>
    control.webhooks.change(id, draftOf<SubscriptionChange>(changeMembers, body)),
  'DELETE /webhooks': (control, _body, id) => {
    control.webhooks.remove(id)
    return {}
  },
  'GET /webhooks/deliveries': (control) => ({ deliveries: control.webhooks.deliveries() }),
  'POST /webhooks/flush': async (control) => ({ deliveries: await control.webhooks.flush() }),
}
