import binaryen from 'binaryen'

/** The text of each function of a module by its name, and of each exported one by its export. */
export function disassemble(bytes: Uint8Array): Map<string, string> {
  const module = binaryen.readBinary(bytes)
  const text = module.emitText()
  module.dispose()
  const functions = new Map<string, string>()
  for (const part of text.split(/\n(?= \(func )/).slice(1)) functions.set(/^ \(func \$(\w+)/.exec(part)![1]!, part)
  for (const [, name, target] of text.matchAll(/\(export "(\w+)" \(func \$(\w+)\)\)/g))
    functions.set(name!, functions.get(target!)!)
  return functions
}

/** Every function that is called, however indirectly, from these. */
export function reach(functions: Map<string, string>, start: string[]): Set<string> {
  const reached = new Set<string>()
  const visit = (name: string) => {
    if (reached.has(name)) return
    reached.add(name)
    for (const [, callee] of functions.get(name)!.matchAll(/\(call \$(\w+)/g)) visit(callee!)
  }
  start.forEach(visit)
  return reached
}

/** What follows each `if` and `br_if`, on one line. */
export function branchConditions(text: string): string[] {
  const flat = text.replace(/\s+/g, ' ')
  return [...flat.matchAll(/\((?:if|br_if \$\w+) (?:\(result i32\) )?/g)].map((match) =>
    flat.slice(match.index + match[0].length, match.index + 200),
  )
}
