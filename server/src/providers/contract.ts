import type { z } from 'zod'
import type { Outcome } from '#kernel/problem.ts'
import type { WaitingCaller } from './waiting-caller.ts'

/**
 * What a provider is: data and small functions. The mechanics that providers share (storing, sealing, limits, recording)
 * live outside; a provider never sees a user, a database or another connection.
 */

/** A `fetch` that reaches only the hosts the provider declared, bounded in time, bytes and redirects. */
export type BoundFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** The secret of a connection as it lies sealed in its row. Open only inside one call. */
export type Credential = Readonly<Record<string, unknown>>

/** What a provider gets for one call, and nothing beyond it. */
export interface ProviderAccess {
  readonly credential: Credential
  readonly fetch: BoundFetch
  /** Base address of the provider's API, without a trailing slash: its own, or the operator's override. */
  readonly apiUrl: string
  /** Aborts when the caller leaves, the run is stopped or the deadline passes. */
  readonly signal: AbortSignal
  /** The language of whoever reads the results, for their fixed words; English where it is not known. */
  readonly language?: keyof LocalText
  /** Who waits for this call, where they can be reached while it runs. */
  readonly caller?: WaitingCaller
}

/** What the provider says of a credential when it is checked. */
export interface Identity {
  /** Stable id of the account at the provider: one connection for each. */
  readonly accountId: string
  /** Name that a person recognises, for example the workspace's. */
  readonly label: string
  /** Shown as it is in status: workspace, bot, owner. Never a secret. */
  readonly account: Readonly<Record<string, unknown>>
  /** Permission name → allowed, refused, or unknown where the provider gives no way to tell without a side effect. */
  readonly permissions: Readonly<Record<string, boolean | null>>
}

/** One field that the user fills in to connect. */
export interface KeyField {
  readonly name: string
  readonly label: LocalText
  /** Where to get the key, in steps. */
  readonly steps: readonly LocalText[]
  readonly pattern?: RegExp
}

export type AuthMethod = ApiKeyMethod | OAuthMethod

/** The user pastes a key. */
export interface ApiKeyMethod {
  readonly kind: 'api_key'
  readonly fields: readonly KeyField[]
  /** Where a user sees, makes and revokes keys. */
  readonly keysUrl: string
}

/**
 * The user allows access at the provider (OAuth 2.0, authorization code with PKCE). The round trip, its checks, storing
 * and refreshing are the same for all; here stands only what differs. A credential won so is
 * `{access_token, refresh_token?, expires_at?}` (ISO 8601) and what {@link OAuthMethod.keep} adds.
 */
export interface OAuthMethod {
  readonly kind: 'oauth2'
  /** For the operator: how to register an app there, in steps. The redirect address is shown next to them. */
  readonly appSteps: readonly LocalText[]
  /** Where apps are registered. */
  readonly appUrl: string
  /**
   * @param apiUrl the provider's own base address, or the operator's, which then stands for every host of the provider
   */
  readonly endpoints: (apiUrl: string) => OAuthEndpoints
  /** Scope → what it allows, in plain words. All of them are asked for. Empty where the provider has no scopes. */
  readonly scopes: Readonly<Record<string, LocalText>>
  /** Where the scopes stand in the authorization request, where that is not `scope`, separated by spaces. */
  readonly scopeParameter?: ScopeParameter
  /** Further parameters of the authorization request, for example `owner=user`. */
  readonly authorizationParameters?: Readonly<Record<string, string>>
  /** How the app shows its secret at the token endpoint. */
  readonly clientAuthentication: 'client_secret_basic' | 'client_secret_post'
  /** Only where the provider's token endpoint knows no PKCE and takes no further members. Else it is always used. */
  readonly pkce?: false
  /** Form of the token request's body where it is not the standard's form encoding. */
  readonly tokenRequestBody?: 'json'
  /** Brings an answer of the token endpoint into the form of RFC 6749, where the provider has its own. */
  readonly normalizeAnswer?: (answer: TokenAnswer) => TokenAnswer
  /** Further members of the token answer that are kept with the credential; the revocation may need them. */
  readonly keep?: readonly string[]
  /** Ends access at the provider, as far as {@link OAuthAppAccess.extent} says. Absent where the provider has no way to. */
  readonly revoke?: (access: OAuthAppAccess) => Promise<Outcome<null>>
  /** Where a user ends it by hand. */
  readonly grantsUrl: string
}

export interface ScopeParameter {
  readonly name: string
  readonly separator: string
}

export interface OAuthEndpoints {
  /** Where the provider says who it is in `iss` (RFC 9207); then it is required and checked. */
  readonly issuer?: string
  readonly authorization: string
  readonly token: string
}

/** What a token endpoint answered. */
export interface TokenAnswer {
  readonly status: number
  readonly body: unknown
}

/** The operator's app at a provider. */
export interface OAuthApp {
  readonly clientId: string
  readonly clientSecret: string
}

/** What a provider gets to end access. */
export interface OAuthAppAccess extends ProviderAccess {
  readonly app: OAuthApp
  /**
   * `grant`: all that the account has allowed the app. `tokens`: those of the credential alone, because somebody else's
   * connection lives on what the same account has allowed. Where the provider ends no more than tokens, both are the same.
   */
  readonly extent: 'grant' | 'tokens'
}

/** A text in every language of the product. */
export interface LocalText {
  readonly en: string
  readonly pt: string
}

/**
 * Words by which the built-in router recognises a tool in a request, next to the tool's own name, title, description and
 * parameters. Plain words in English and Portuguese, in their dictionary form; the router inflects and strips accents.
 */
export interface ToolIntent {
  readonly verbs: LocalWords
  readonly nouns: LocalWords
}

export interface LocalWords {
  readonly en: readonly string[]
  readonly pt: readonly string[]
}

export interface ToolAnnotations {
  /** Changes nothing at the provider. */
  readonly readOnly: boolean
  /** Changes or removes what is there (adding is not destructive). */
  readonly destructive: boolean
  /** The same call twice leaves the same state as once. */
  readonly idempotent: boolean
  /**
   * Reaches beyond the user's own data (MCP's `openWorldHint`): what a reading tool returns, people whom nobody here vouches
   * for may have written, and what a changing one sends, they may read. A comment of a public issue or a message of a
   * channel; not a page of a workspace in which only those whom its owner let in write.
   */
  readonly openWorld: boolean
}

/** What a tool gives back: Markdown or compact text for a model, and the same as JSON for programs. */
export interface ToolResult {
  readonly text: string
  readonly value: unknown
  /** Opaque; passed back as `start_cursor` to go on. */
  readonly nextCursor?: string
  /** What was left out, and how to get it. */
  readonly truncated?: string
  /**
   * Where in an open world the text was read, for example one repository or one channel: there alone it is known to who wrote
   * it. Null where several such places are mixed; absent for what describes the account itself, such as a list of them.
   */
  readonly place?: string | null
}

export interface Tool<Api = unknown, Input extends z.ZodObject = z.ZodObject> {
  /** `<provider>_<verb>_<noun>`. */
  readonly name: string
  readonly title: LocalText
  /** For models: what it does, what it returns, when to use another. Written by hand, short. */
  readonly description: string
  readonly input: Input
  readonly annotations: ToolAnnotations
  /** Permissions of {@link Identity} that the call needs. */
  readonly needs: readonly string[]
  readonly intent: ToolIntent
  /** Milliseconds for the whole call; the pipeline has a default. */
  readonly deadlineMs?: number
  /** Failures are values; the codes are of `kernel/problem.ts`; a throw is a bug, or an abort. */
  readonly run: (api: Api, input: z.output<Input>) => Promise<Outcome<ToolResult>>
}

/** A text that does not change: how something of this provider is written, for whoever works with its tools. */
export interface ProviderDocument {
  /** `<provider>://docs/<name>` */
  readonly uri: string
  readonly name: string
  readonly title: LocalText
  readonly description: string
  readonly mimeType: string
  readonly text: string
}

/** Things of the user's account that have an address of their own, read by one of the provider's tools. */
export interface ProviderResourceTemplate {
  /** `<provider>://<kind>/{variable}`; a variable stands between slashes. */
  readonly uriTemplate: string
  readonly name: string
  readonly title: LocalText
  readonly description: string
  readonly mimeType: string
  /** Name of the tool that reads it; it changes nothing. */
  readonly tool: string
  /** Every form that the values of a variable can have, from their first character to their last. */
  readonly variables: Readonly<Record<string, RegExp>>
  readonly argumentsOf: (variables: Readonly<Record<string, string>>) => Readonly<Record<string, unknown>>
}

/** Common work, said so that a model does it well: what a user would otherwise have to write out. */
export interface ProviderPrompt {
  /** `<provider>_<verb>_<noun>`, as tools are named. */
  readonly name: string
  readonly title: LocalText
  readonly description: string
  readonly arguments: readonly PromptArgument[]
  /** Names of the tools that the work needs; without one of them the prompt is not offered. */
  readonly tools: readonly string[]
  /** @param given the arguments that were given; every required one is among them */
  readonly render: (given: Readonly<Record<string, string>>) => LocalText
}

export interface PromptArgument {
  readonly name: string
  readonly description: string
  readonly required: boolean
}

/** How a person recognises what an argument names: by its title, which a tool that only reads finds out. */
export interface ProviderTarget {
  /** Name of the argument, in the tools that change something and in the one that reads. */
  readonly argument: string
  /** Name of the tool that reads it, given this argument and what lies in {@link within}. */
  readonly tool: string
  /** Name of the argument in that tool, where it has another there. */
  readonly readAs?: string
  /** Further arguments of the call that say where it lies, under the same names: the repository of a numbered issue. */
  readonly within?: readonly string[]
  /** The title in the tool's value; null where it has none. */
  readonly titleOf: (value: unknown, given: string) => string | null
  /** What is there now, by the arguments of a changing call that put something else in its place. */
  readonly nowOf?: (value: unknown, given: string) => Readonly<Record<string, unknown>>
  /** A title that stands here stays until the call is made. Elsewhere its id takes its place before anybody is asked. */
  readonly keepsTitle?: true
  /** True where a call makes what is not there yet: then nothing is wrong with a name that finds nothing. */
  readonly isMadeByCall?: (given: string) => boolean
  /** False where the argument names it by its title, which something else may bear tomorrow. */
  readonly isId: (given: string) => boolean
  /** The id in the tool's value; null where it has none. */
  readonly idOf: (value: unknown) => string | null
}

export interface Provider<Api = unknown> {
  /** Equals the folder's name; also the prefix of its tools. */
  readonly id: string
  readonly name: string
  readonly description: LocalText
  /** Only these hosts are ever sent a credential; those of the token endpoint among them. */
  readonly apiHosts: readonly string[]
  readonly apiUrl: string
  /** Where each connection names its own host: whatever the guarded fetch lets a user name. */
  readonly reach?: 'any_public_host'
  readonly auth: readonly AuthMethod[]
  /** Permission name → what it means, in plain words. */
  readonly permissions: Readonly<Record<string, LocalText>>
  /** Asks the provider who the credential belongs to and what it may do. Used before storing and by live checks. */
  readonly identify: (access: ProviderAccess) => Promise<Outcome<Identity>>
  /** The client that the tools of this provider work on, bound to one call. */
  readonly api: (access: ProviderAccess) => Api
  readonly tools: readonly Tool<Api>[]
  /** What calls are about; where a call names several, the most telling first. */
  readonly targets?: readonly ProviderTarget[]
  readonly documents?: readonly ProviderDocument[]
  readonly resourceTemplates?: readonly ProviderResourceTemplate[]
  readonly prompts?: readonly ProviderPrompt[]
  readonly docsUrl: string
}

/** Types a provider once and hides its client from the rest of the house. */
export function defineProvider<Api>(provider: Provider<Api>): Provider {
  return provider as unknown as Provider
}

/** Types one tool against its own schema. */
export function defineTool<Api, Input extends z.ZodObject>(tool: Tool<Api, Input>): Tool<Api> {
  return tool as unknown as Tool<Api>
}

/** The fields of a key, where the provider takes one. */
export function keyFieldsOf(provider: Pick<Provider, 'auth'>): readonly KeyField[] {
  return provider.auth.flatMap((method) => (method.kind === 'api_key' ? method.fields : []))
}

/** How the provider is connected by OAuth, where it can be. */
export function oauthMethodOf(provider: Pick<Provider, 'auth'>): OAuthMethod | undefined {
  return provider.auth.find((method) => method.kind === 'oauth2')
}
