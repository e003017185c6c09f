import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { concatAST, type DocumentNode, Kind, parse, print } from 'graphql'

const folder = join(import.meta.dirname, '../../src/sdk/operations')

/** An operation as the SDK sends it, with the fragments that it needs. */
export function readOperation(name: string): string {
  const fragments = readdirSync(folder)
    .filter((file) => file.endsWith('.fragment.graphql'))
    .map((file) => parse(readFileSync(join(folder, file), 'utf8')))
  const operation = parse(readFileSync(join(folder, `${name}.graphql`), 'utf8'))
  return print(withoutUnused(concatAST([operation, ...fragments])))
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const text = print(document)
  const definitions = document.definitions.filter(
    (node) => node.kind !== Kind.FRAGMENT_DEFINITION || text.includes(`...${node.name.value}\n`),
  )
  return definitions.length === document.definitions.length
    ? document
    : withoutUnused({ ...document, definitions })
}
