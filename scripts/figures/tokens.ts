import { Tiktoken } from 'js-tiktoken/lite'
import vocabulary from 'js-tiktoken/ranks/o200k_base'

const tokenizer = new Tiktoken(vocabulary)

/** Tokens of the o200k vocabulary; what looks like a special token is counted as the text that it is. */
export function countTokens(text: string): number {
  return tokenizer.encode(text, [], []).length
}

/** The same of a value as compact JSON, which is how tools and results of APIs reach a model. */
export function countJsonTokens(value: unknown): number {
  return countTokens(JSON.stringify(value))
}
