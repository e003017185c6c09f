import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export interface SourceFile {
  /** From the root of the project, with `/` between. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
  /** Every node of the syntax tree. */
  readonly nodes: readonly ts.Node[]
}

export interface Import {
  /** A path like `SourceFile.path`, or a package with what follows it. */
  readonly from: string
  /** Nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean
}

/** The TypeScript files in folders of the project, those that a generator writes left out. */
export function readSourceFiles(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
      .filter((path) => !path.includes('/generated/'))
      .map((path) => parseSourceFile(path, readFileSync(join(root, path), 'utf8'))),
  )
}

export function parseSourceFile(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const nodes = allNodes(tree)
  return { path, text, nodes, imports: nodes.flatMap((node) => importsOf(node, path)) }
}

const root = fileURLToPath(new URL('../../', import.meta.url))

function allNodes(tree: ts.Node): readonly ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node) => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return nodes
}

function importsOf(node: ts.Node, importer: string): readonly Import[] {
  if (ts.isImportDeclaration(node)) {
    return [describe(node.moduleSpecifier, importer, isTypeOnlyClause(node.importClause))]
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return [describe(node.moduleSpecifier, importer, node.isTypeOnly)]
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return [describe(node.argument.literal, importer, true)]
  }
  const [target] = ts.isCallExpression(node) ? node.arguments : []
  const isDynamic =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
  return isDynamic && target ? [describe(target, importer, false)] : []
}

function isTypeOnlyClause(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const { name, namedBindings } = clause
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false
  return namedBindings.elements.every((element) => element.isTypeOnly)
}

function describe(specifier: ts.Node, importer: string, isTypeOnly: boolean): Import {
  const text = ts.isStringLiteral(specifier) ? specifier.text : specifier.getText()
  const from = text.startsWith('.') ? posix.join(posix.dirname(importer), text) : text
  return { from, isTypeOnly }
}
