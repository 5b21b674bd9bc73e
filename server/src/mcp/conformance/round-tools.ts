import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type ClientCapabilities,
  type InputRequest,
  type InputRequests,
} from '@modelcontextprotocol/server'
import { askModel, form, textOfModel } from './asking-tools.ts'
import { plainTool, textResult, type FixtureCall, type FixtureTool } from './fixture.ts'
import type { PendingState } from '#mcp/source.ts'

/** Tools that need one or more further rounds: what they get back, and the state that they rely on between rounds. */

export const roundTools: readonly FixtureTool[] = [
  {
    definition: plainTool('test_input_required_result_elicitation', 'Asks for a name.'),
    run(call) {
      const name = accepted(call, 'user_name')?.['name']
      if (typeof name !== 'string') return inputRequired({ inputRequests: { user_name: askName() } })
      return textResult(`Hello, ${name}!`)
    },
  },
  {
    definition: plainTool('test_input_required_result_sampling', "Asks the client's model."),
    run(call) {
      const answer = responses(call)['capital_question']
      if (answer !== undefined) return textResult(`Sampling response: ${textOfModel(answer)}`)
      return inputRequired({ inputRequests: { capital_question: askModel('What is the capital of France?') } })
    },
  },
  {
    definition: plainTool('test_input_required_result_list_roots', "Asks for the client's roots."),
    run(call) {
      const roots = rootsOf(responses(call)['client_roots'])
      if (roots === undefined) return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
      return textResult(`Roots: ${roots.map(({ uri }) => uri).join(', ')}`)
    },
  },
  {
    definition: plainTool(
      'test_input_required_result_request_state',
      'Asks for confirmation and relies on the state that comes back.',
    ),
    run: (call) => confirmed(call, 'state-ok: the state is ours and the confirmation came'),
  },
  {
    definition: plainTool(
      'test_input_required_result_tampered_state',
      'Asks for confirmation; a state that is not ours never reaches it.',
    ),
    run: (call) => confirmed(call, 'integrity-ok: the state is ours'),
  },
  {
    definition: plainTool(
      'test_input_required_result_multiple_inputs',
      'Asks the person, the model and for roots in one round.',
    ),
    async run(call) {
      const name = accepted(call, 'user_name')?.['name']
      const greeting = responses(call)['greeting']
      const roots = rootsOf(responses(call)['client_roots'])
      if (typeof name === 'string' && greeting !== undefined && roots !== undefined) {
        return textResult(`${textOfModel(greeting)} ${name}, with ${roots.length} roots`)
      }
      return inputRequired({
        inputRequests: {
          user_name: askName(),
          greeting: askModel('Generate a greeting'),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await mint(call, {}),
      })
    },
  },
  {
    definition: plainTool('test_input_required_result_multi_round', 'Asks twice; the state tells how far it is.'),
    run: twoRounds,
  },
  {
    definition: plainTool('test_input_required_result_capabilities', 'Asks only in the ways that the client declared.'),
    run(call) {
      const inputRequests = declaredRequests(call)
      if (Object.keys(responses(call)).length > 0) return textResult('Every answer came')
      if (Object.keys(inputRequests).length === 0) return textResult('The client declared no way to be asked')
      return inputRequired({ inputRequests })
    },
  },
]

async function twoRounds(call: FixtureCall) {
  const state = stateOf(call)
  if (state?.['round'] === undefined) {
    const requestState = await mint(call, { round: 1 })
    return inputRequired({ inputRequests: { step1: askName('Step 1: What is your name?') }, requestState })
  }
  if (state['round'] === 1) {
    const requestState = await mint(call, { round: 2, name: accepted(call, 'step1')?.['name'] })
    return inputRequired({ inputRequests: { step2: askColor() }, requestState })
  }
  return textResult(`${String(state['name'])} likes ${String(accepted(call, 'step2')?.['color'])}`)
}

async function confirmed(call: FixtureCall, text: string) {
  if (stateOf(call) !== undefined && accepted(call, 'confirm') !== undefined) return textResult(text)
  const confirm = form({ message: 'Please confirm', properties: { ok: { type: 'boolean' } }, required: ['ok'] })
  return inputRequired({ inputRequests: { confirm }, requestState: await mint(call, {}) })
}

function declaredRequests({ exchange }: FixtureCall): InputRequests {
  const envelope: { [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined = exchange.context.mcpReq.envelope
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY]
  return {
    ...(declared?.elicitation === undefined ? {} : { user_name: askName() }),
    ...(declared?.sampling === undefined ? {} : { greeting: askModel('Generate a greeting') }),
    ...(declared?.roots === undefined ? {} : { client_roots: inputRequired.listRoots() }),
  }
}

/** Every state differs, also within a second: the suite compares those of two rounds. */
function mint(call: FixtureCall, payload: Readonly<Record<string, unknown>>): Promise<string> {
  return call.exchange.mintState({ ...payload, nonce: crypto.randomUUID() } as unknown as PendingState)
}

function stateOf({ exchange }: FixtureCall): Readonly<Record<string, unknown>> | undefined {
  return exchange.state as Readonly<Record<string, unknown>> | undefined
}

function responses({ exchange }: FixtureCall): Readonly<Record<string, unknown>> {
  return exchange.context.mcpReq.inputResponses ?? {}
}

function accepted({ exchange }: FixtureCall, key: string): Readonly<Record<string, unknown>> | undefined {
  return acceptedContent(exchange.context.mcpReq.inputResponses, key)
}

function rootsOf(answer: unknown): readonly { uri?: string }[] | undefined {
  const { roots } = (answer ?? {}) as { roots?: unknown }
  return Array.isArray(roots) ? roots : undefined
}

function askName(message = 'What is your name?'): InputRequest {
  return form({ message, properties: { name: { type: 'string' } }, required: ['name'] })
}

function askColor(): InputRequest {
  const properties = { color: { type: 'string' } } as const
  return form({ message: 'Step 2: What is your favorite color?', properties, required: ['color'] })
}
