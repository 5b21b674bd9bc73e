import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv'

/** One for the process: each server would make its own, and sessions are many. It keeps compiled schemas, and no data. */
export const ajv = new AjvJsonSchemaValidator()
