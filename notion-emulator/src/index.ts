export { createEmulator } from './emulator.ts'
export type { Emulator, EmulatorOptions, LoggedRequest } from './emulator.ts'
export { builtinSeed, BUILTIN_SEEDS } from './seeds/builtin.ts'
export { loadSeed } from './seeds/load.ts'
export type { Seed } from './seeds/format.ts'
export type { Control, GrantChange, InstallSummary } from './control/control.ts'
export type { EditOutcome, HumanEdit } from './control/act-as.ts'
export type { SettingsChange } from './control/settings.ts'
export type {
  InstallDraft,
  IntegrationChange,
  IntegrationSummary,
  NewInstall,
  NewIntegration,
  TenantControl,
  UserDraft,
  WorkspaceDraft,
} from './control/tenants.ts'
export type { Fault, FaultKind, FaultMatch } from './control/faults.ts'
export type { EmulatorRequest, EmulatorResponse } from './core/handle.ts'
export { adjustableClock } from './core/clock.ts'
export type { AdjustableClock, Clock } from './core/clock.ts'
export { derivedIds } from './core/ids.ts'
export type { IdGenerator } from './core/ids.ts'
export { tokenFingerprint } from './core/tokens.ts'
export type { RateLimitSettings, Settings } from './core/settings.ts'
export type { ListenOptions, RunningServer } from './server/listen.ts'
export type { InProcessFetch } from './server/fetch.ts'
export type { ApiVersion, Capability } from './state/model.ts'
export type { Deliver } from './webhooks/deliver.ts'
export type { DeliverySummary, SubscriptionSummary, WebhookControl } from './webhooks/control.ts'
export type { EventType } from './webhooks/model.ts'
export type { SubscriptionChange, SubscriptionDraft } from './webhooks/subscriptions.ts'
