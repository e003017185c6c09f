import { type DocumentNode, getOperationAST, Kind } from 'graphql'
import { AppError } from '../errors.ts'

export interface OperationRequest {
  readonly operationName: string | undefined
  readonly method: string
}

/**
 * Checks that a request names an operation of its document, and one that its method may run.
 *
 * @throws AppError `OPERATION_NOT_FOUND`, `METHOD_NOT_ALLOWED` for a mutation over GET
 */
export function checkOperation(document: DocumentNode, request: OperationRequest): void {
  const operation = getOperationAST(document, request.operationName)
  if (!operation) throw new AppError('OPERATION_NOT_FOUND', explain(document, request))
  if (operation.operation === 'mutation' && request.method === 'GET') {
    throw new AppError('METHOD_NOT_ALLOWED', 'A mutation needs POST')
  }
}

function explain(document: DocumentNode, { operationName }: OperationRequest): string {
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (operations.length === 0) return 'The document has no operation'
  if (operationName === undefined) {
    return `The document has ${operations.length} operations: say which with "operationName"`
  }
  return `The document has no operation named "${operationName}"`
}
