import { inputRequired, type ElicitRequestFormParams, type InputRequest, type Tool } from '@modelcontextprotocol/server'
import { plainTool, textResult, type FixtureTool } from './fixture.ts'

/** Tools that ask the client for one thing and repeat what they got: an input-required result in both eras. */

const COMPLETION_TOKENS = 100

export const askingTools: readonly FixtureTool[] = [
  asking({
    name: 'test_sampling',
    description: "Asks the client's model.",
    argument: { name: 'prompt', description: 'What to ask the model' },
    ask: ({ prompt }) => askModel(String(prompt)),
    report: (answer) => `LLM response: ${textOfModel(answer)}`,
  }),
  asking({
    name: 'test_missing_capability',
    description: "Asks the client's model, which the client must have declared.",
    ask: () => askModel('Answer with the word pong.'),
    report: () => 'The model answered',
  }),
  asking({
    name: 'test_elicitation',
    description: 'Asks the person.',
    argument: { name: 'message', description: 'What to ask the person' },
    ask: ({ message }) =>
      form({
        message: String(message),
        properties: {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        required: ['username', 'email'],
      }),
    report: (answer) => `User response: ${JSON.stringify(answer)}`,
  }),
  asking({
    name: 'test_elicitation_sep1034_defaults',
    description: 'Asks the person with a default for every kind of field.',
    ask: () =>
      form({
        message: 'Please review and update the form fields with defaults',
        properties: {
          name: { type: 'string', description: 'User name', default: 'John Doe' },
          age: { type: 'integer', description: 'User age', default: 30 },
          score: { type: 'number', description: 'User score', default: 95.5 },
          status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
          verified: { type: 'boolean', description: 'Verification status', default: true },
        },
      }),
    report: (answer) => `Elicitation completed: ${JSON.stringify(answer)}`,
  }),
  asking({
    name: 'test_elicitation_sep1330_enums',
    description: 'Asks the person with every kind of choice.',
    ask: () => form({ message: 'Please select options from the enum fields', properties: choices() }),
    report: (answer) => `Elicitation completed: ${JSON.stringify(answer)}`,
  }),
]

interface Question {
  readonly name: string
  readonly description: string
  /** A text that the tool needs. */
  readonly argument?: { readonly name: string; readonly description: string }
  readonly ask: (given: Readonly<Record<string, unknown>>) => InputRequest
  readonly report: (answer: unknown) => string
}

function asking({ name, description, argument, ask, report }: Question): FixtureTool {
  const plain = plainTool(name, description)
  return {
    definition:
      argument === undefined ? plain : { ...plain, inputSchema: oneText(argument.name, argument.description) },
    run(call) {
      const answer = call.exchange.context.mcpReq.inputResponses?.['answer']
      if (answer === undefined) return inputRequired({ inputRequests: { answer: ask(call.arguments) } })
      return textResult(report(answer))
    },
  }
}

export function askModel(text: string): InputRequest {
  return inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text } }],
    maxTokens: COMPLETION_TOKENS,
  })
}

/** Text of a model's answer. Clients send what they like: anything else is shown as it came. */
export function textOfModel(answer: unknown): string {
  const { content } = (answer ?? {}) as { content?: { text?: unknown } }
  return typeof content?.text === 'string' ? content.text : JSON.stringify(answer)
}

interface Form {
  readonly message: string
  readonly properties: ElicitRequestFormParams['requestedSchema']['properties']
  readonly required?: string[]
}

export function form({ message, properties, required = [] }: Form): InputRequest {
  return inputRequired.elicit({ message, requestedSchema: { type: 'object', properties, required } })
}

function oneText(name: string, description: string): Tool['inputSchema'] {
  return { type: 'object', properties: { [name]: { type: 'string', description } }, required: [name] }
}

function choices(): Form['properties'] {
  const plain = ['option1', 'option2', 'option3']
  const titled = ['value1', 'value2', 'value3'].map((value, index) => ({ const: value, title: `Option ${index + 1}` }))
  const several = { minItems: 1, maxItems: 3 }
  return {
    untitledSingle: { type: 'string', description: 'One', enum: plain },
    titledSingle: { type: 'string', description: 'One with titles', oneOf: titled },
    legacyEnum: {
      type: 'string',
      description: 'One, as before 2025-11-25',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', description: 'Several', ...several, items: { type: 'string', enum: plain } },
    titledMulti: { type: 'array', description: 'Several with titles', ...several, items: { anyOf: titled } },
  }
}
