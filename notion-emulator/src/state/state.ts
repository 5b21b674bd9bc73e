import { randomUUID } from 'node:crypto'
import type { AsyncTask } from '../async-tasks/task.ts'
import type { MeetingWork } from '../meeting-notes/meeting.ts'
import type { FileUpload } from '../uploads/upload.ts'
import type { View, ViewQuery } from '../views/view.ts'
import { noWebhooks, type WebhookState } from '../webhooks/model.ts'
import type {
  AuthorizationCode,
  Comment,
  CustomEmoji,
  Install,
  Integration,
  Node,
  Token,
  User,
  Workspace,
} from './model.ts'

/** Everything that the emulator remembers. One value, no hidden module state. */
export interface State {
  workspaces: Map<string, Workspace>
  users: Map<string, User>
  integrations: Map<string, Integration>
  installs: Map<string, Install>
  /** By SHA-256 of the token, so that no raw token is ever kept. */
  tokens: Map<string, Token>
  /** By SHA-256, too. */
  codes: Map<string, AuthorizationCode>
  nodes: Map<string, Node>
  comments: Map<string, Comment>
  uploads: Map<string, FileUpload>
  customEmojis: Map<string, CustomEmoji>
  tasks: Map<string, AsyncTask>
  /** Recordings that are being turned into notes, by the block of the notes. */
  meetings: Map<string, MeetingWork>
  views: Map<string, View>
  viewQueries: Map<string, ViewQuery>
  /** Data sources that were given the view that they begin with. */
  viewedSources: Set<string>
  /** Signs the addresses of files. */
  signingKey: string
  webhooks: WebhookState
  sequence: number
}

/** A state with nothing in it. */
export function emptyState(): State {
  return {
    workspaces: new Map(),
    users: new Map(),
    integrations: new Map(),
    installs: new Map(),
    tokens: new Map(),
    codes: new Map(),
    nodes: new Map(),
    comments: new Map(),
    uploads: new Map(),
    customEmojis: new Map(),
    tasks: new Map(),
    meetings: new Map(),
    views: new Map(),
    viewQueries: new Map(),
    viewedSources: new Set(),
    signingKey: randomUUID(),
    webhooks: noWebhooks(),
    sequence: 0,
  }
}

/** The next number in order of creation. */
export function nextSequence(state: State): number {
  state.sequence += 1
  return state.sequence
}
