import type { TalliedStatement } from '../../src/sql/tally.ts'

/** Statements in the order they ran, with who asked for them and how many rows they gave. */
export function printStatements(statements: readonly TalliedStatement[]): string {
  const texts = statements.map(
    ({ sql, rows, paths }) => `-- ${paths.join(', ')}: ${rows} ${rows === 1 ? 'row' : 'rows'}\n${layOut(sql)};\n`,
  )
  return texts.length === 0 ? '-- no statement\n' : texts.join('\n')
}

const keyword =
  /^(FROM|WHERE|ORDER BY|LIMIT|GROUP BY|UNION ALL|UNION|CROSS JOIN LATERAL|LEFT JOIN LATERAL|LEFT JOIN|JOIN|AND|OR)\b/

/** Breaks lines at keywords and indents what stands in parentheses that hold a SELECT, but of a parameter. */
function layOut(sql: string): string {
  const stack: boolean[] = []
  let text = ''
  for (let at = 0; at < sql.length; ) {
    const rest = sql.slice(at)
    const whole = /^("[^"]*"|'(?:[^']|'')*'|\(SELECT \$\d+::\w+\[\]\))/.exec(rest)
    if (whole) {
      text += whole[0]
      at += whole[0].length
      continue
    }
    const depth = stack.filter(Boolean).length
    const indent = `\n${'  '.repeat(depth)}`
    const isInPlainParentheses = stack.at(-1) === false
    const word = / $/.test(text) && !isInPlainParentheses ? keyword.exec(rest) : null
    if (word) {
      text = `${text.trimEnd()}${indent}${/^(AND|OR)$/.test(word[0]) ? '  ' : ''}${word[0]}`
      at += word[0].length
    } else if (rest.startsWith('(')) {
      const isQuery = /^\(+SELECT\b(?! \$)/.test(rest)
      stack.push(isQuery)
      text += isQuery ? `(${indent}  ` : '('
      at += 1
    } else if (rest.startsWith(')')) {
      const isQuery = stack.pop()
      text += isQuery ? `\n${'  '.repeat(stack.filter(Boolean).length)})` : ')'
      at += 1
    } else {
      text += rest[0]
      at += 1
    }
  }
  return text
}
