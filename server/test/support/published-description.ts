import { readFileSync } from 'node:fs'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/** Holds what was answered against the OpenAPI description (3.0, as JSON) in which its service publishes its answers. */

export interface SeenAnswer {
  readonly method: string
  readonly path: string
  readonly status: number
  /** Undefined: the answer has no body. */
  readonly body: unknown
}

/** Findings of one answer that are told; one wrong member can break many rules. */
const SHOWN_FINDINGS = 5

/** HTTP's first status of an error. */
const SMALLEST_REFUSAL = 400

const GENERAL_REFUSAL = { $ref: '#/components/schemas/basic-error' }

type Schema = Readonly<Record<string, unknown>>

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses?: Responses }>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly responses: Responses }
}

type Responses = Readonly<
  Record<string, { readonly $ref?: string; readonly content?: Readonly<Record<string, Media>> }>
>

interface Media {
  readonly schema?: Schema
}

/** What the description knows as an operation. */
interface Operation {
  readonly name: string
  readonly responses: Responses
}

export class PublishedDescription {
  readonly #description: Description
  readonly #paths: readonly { readonly path: string; readonly fits: RegExp }[]
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, logger: false })
  readonly #validators = new Map<string, ValidateFunction>()
  readonly #included = new Set<string>()

  /** @param file the description as JSON */
  constructor(file: string) {
    this.#description = JSON.parse(readFileSync(file, 'utf8')) as Description
    this.#paths = Object.keys(this.#description.paths)
      .map((path) => ({ path, fits: patternOf(path) }))
      .sort((a, b) => fixedLength(b.path) - fixedLength(a.path))
    formats.default(this.#ajv)
    this.#ajv.addFormat('binary', true)
    this.#ajv.addFormat('repo.nwo', /^[^/\s]+\/[^/\s]+$/)
    this.#ajv.addFormat('timestamp', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  }

  /** `GET /repos/{owner}/{repo}`; undefined where the description has no such address. */
  operationOf(method: string, path: string): string | undefined {
    return this.#find(method, path)?.name
  }

  /** What about this answer is not as published; nothing: it is. */
  findings(seen: SeenAnswer): string[] {
    const { method, path, status, body } = seen
    const at = `${method} ${path} ${status}`
    if (status >= SMALLEST_REFUSAL) return this.#refusalFindings(at, seen)
    const operation = this.#find(method, path)
    if (operation === undefined) return [`${at}: there is no such operation`]
    const response = this.#resolved(operation.responses[String(status)])
    if (response === undefined) return [`${at}: no such status`]
    const schema = response.content?.['application/json']?.schema
    if (schema === undefined) return body === undefined ? [] : [`${at}: has a body`]
    return body === undefined
      ? [`${at}: has no body`]
      : this.#checkWith(at, this.#validatorOf(`${operation.name} ${status}`, schema), body)
  }

  /**
   * GitHub describes no more than the refusals that are special to an operation; any other has the general form. All of them name
   * their status in their body, also where the description forgets to say so.
   */
  #refusalFindings(at: string, { method, path, status, body }: SeenAnswer): string[] {
    const { status: told, ...rest } = body as Readonly<Record<string, unknown>>
    const response = this.#resolved(this.#find(method, path)?.responses[String(status)])
    const schema = response?.content?.['application/json']?.schema ?? GENERAL_REFUSAL
    const findings = this.#checkWith(at, this.#validatorOf(JSON.stringify(schema), schema), rest)
    return told === String(status) ? findings : [...findings, `${at}/status: is ${JSON.stringify(told)}`]
  }

  /** The same for a value that should fit one of the schemas that the description names. */
  findingsOf(schema: string, value: unknown): string[] {
    return this.#checkWith(schema, this.#validatorOf(schema, { $ref: schema }), value)
  }

  #checkWith(at: string, validator: ValidateFunction, value: unknown): string[] {
    if (validator(value)) return []
    return (validator.errors ?? []).slice(0, SHOWN_FINDINGS).map((error) => `${at}${said(error)}`)
  }

  #validatorOf(key: string, schema: Schema): ValidateFunction {
    const known = this.#validators.get(key)
    if (known !== undefined) return known
    const whole = closed(rewritten(schema, (name) => this.#include(name)))
    const validator = this.#ajv.compile(whole)
    this.#validators.set(key, validator)
    return validator
  }

  /** A schema that another one names: there are a thousand, and few are needed. */
  #include(name: string): void {
    if (this.#included.has(name)) return
    this.#included.add(name)
    const schema = this.#description.components.schemas[name]
    if (schema === undefined) throw new Error(`The description has no schema ${name}`)
    this.#ajv.addSchema(
      rewritten(schema, (each) => this.#include(each)),
      nameOf(name),
    )
  }

  #find(method: string, path: string): Operation | undefined {
    const verb = method.toLowerCase()
    const found = this.#paths.find(
      (each) => each.fits.test(path) && this.#description.paths[each.path]?.[verb] !== undefined,
    )
    const responses = this.#description.paths[found?.path ?? '']?.[verb]?.responses
    return found === undefined || responses === undefined ? undefined : { name: `${method} ${found.path}`, responses }
  }

  #resolved(response: Responses[string] | undefined): Responses[string] | undefined {
    const name = response?.$ref?.split('/').at(-1)
    return name === undefined ? response : this.#description.components.responses[name]
  }
}

const nameOf = (schema: string): string => `https://description.example/${schema}`

const fixedLength = (path: string): number => path.replaceAll(/\{[^}]*\}/g, '').length

/** A file's path and the name of a branch hold slashes; the root of a repository has no path. */
function patternOf(path: string): RegExp {
  const source = path
    .replace('/{path}', '(?:/.*)?')
    .replace('{ref}', '.+')
    .replaceAll(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${source}$`)
}

/** Is told each schema that is named. */
type Include = (name: string) => void

/** The members that say nothing of what is valid. */
const REMARKS = new Set(['example', 'examples', 'description', 'discriminator', 'nullable', 'deprecated'])

const COMPOSITIONS = ['allOf', 'anyOf', 'oneOf'] as const

/**
 * A schema of OpenAPI 3.0 as one of JSON Schema 2020-12. What a place in an answer may hold is closed: a member that the schema
 * does not name is a finding, though the description leaves that open, since a tool that reads it reads what nobody promised.
 */
function rewritten(schema: Schema, include: Include): Schema {
  const { $ref } = schema
  if (typeof $ref === 'string') {
    const name = $ref.split('/').at(-1) ?? ''
    include(name)
    return { $ref: nameOf(name) }
  }
  const own = Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !REMARKS.has(keyword) && !keyword.startsWith('x-'))
      // Of the forms that it lists, GitHub lets several fit.
      .map(([keyword, value]) => [keyword === 'oneOf' ? 'anyOf' : keyword, rewrittenValue(keyword, value, include)]),
  )
  const open = isUnspecified(schema) ? { ...own, additionalProperties: true } : own
  return schema['nullable'] === true ? { anyOf: [{ type: 'null' }, open] } : open
}

function rewrittenValue(keyword: string, value: unknown, include: Include): unknown {
  const one = (schema: unknown) => rewritten(schema as Schema, include)
  if (keyword === 'properties') {
    return Object.fromEntries(Object.entries(value as object).map(([name, schema]) => [name, closed(one(schema))]))
  }
  if (keyword === 'items') return closed(one(value))
  if (keyword === 'additionalProperties' && typeof value === 'object') return closed(one(value))
  if (keyword === 'not') return one(value)
  return COMPOSITIONS.some((each) => each === keyword) ? (value as readonly unknown[]).map(one) : value
}

/** An object of which no member is named: it may have any. */
function isUnspecified(schema: Schema): boolean {
  const { type } = schema
  const names = ['properties', 'additionalProperties', 'required', 'enum', ...COMPOSITIONS].some(
    (each) => each in schema,
  )
  return !names && (type === undefined || type === 'object')
}

function closed(schema: Schema): Schema {
  return 'type' in schema && schema['type'] !== 'object' ? schema : { ...schema, unevaluatedProperties: false }
}

function said({ instancePath, message = '', params }: ErrorObject): string {
  const { additionalProperty, unevaluatedProperty, allowedValues } = params as Readonly<Record<string, unknown>>
  const more = additionalProperty ?? unevaluatedProperty ?? allowedValues
  return `${instancePath}: ${message}${more === undefined ? '' : ` (${JSON.stringify(more)})`}`
}
