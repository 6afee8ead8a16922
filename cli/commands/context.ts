/** Owns `context` and `context current`: what the config file says. */
import { anyNumber, type Command, defineCommand, type Invocation } from '../command.ts'
import { currentName, findContext, listContexts, type NamedContext, redactContext } from '../config/contexts.ts'
import { renderTable } from '../format/table.ts'
import { cleanText } from '../format/terminal.ts'

async function show({ session, io }: Invocation, chosen: (current: string, all: NamedContext[]) => NamedContext[]) {
  const { content } = await session.config()
  const { output } = await session.settings()
  const current = findContext(content, currentName(content))?.name ?? ''
  const contexts = chosen(current, listContexts(content)).map(({ name, values }) => ({
    name,
    values: redactContext(values),
  }))
  if (output === 'table') {
    const rows = contexts.map(({ name, values }) => [
      name === current ? `* ${name}` : name,
      JSON.stringify(values, null, 2),
    ])
    io.stdout.write(renderTable({ titles: ['CONTEXT', 'CONFIG'], rows }))
    return 0
  }
  if (output === 'name') {
    for (const { name } of contexts) session.print(cleanText(name))
    return 0
  }
  const all = { current, contexts: Object.fromEntries(contexts.map(({ name, values }) => [name, values])) }
  if (output === 'json') session.print(JSON.stringify(all, null, 4))
  else io.stdout.write((await import('yaml')).stringify(all))
  return 0
}

export const command: Command = defineCommand({
  usage: '',
  description: 'Show the contexts of the config file: the servers that dispatch can talk to. The current one has a *.',
  examples: ['dispatch context', 'dispatch context create solo --host 10.0.0.5 --port 8080 --scheme http'],
  arity: anyNumber,
  flags: {},
  run: invocation => show(invocation, (_, all) => all),
})

export const currentCommand: Command = defineCommand({
  usage: '',
  arity: anyNumber,
  flags: {},
  async run(invocation) {
    const { content } = await invocation.session.config()
    const name = currentName(content)
    if (findContext(content, name) !== undefined)
      return show(invocation, (current, all) => all.filter(context => context.name === current))
    invocation.session.print(`No such current context was found ${name}`)
    return 0
  },
})
