/** Owns `iam rotate-keys`: all that is secret is sealed with a new key. */
import { defineCommand, exactly } from '../command.ts'
import { objectOf, renderJson, textOf } from '../format/json.ts'

export const command = defineCommand({
  usage: '',
  description:
    'Seal all that is secret on the server, of every organization, with a new key, and remove the former one. The server goes on answering meanwhile. Copy the key file before, since backups made until then need the former key, and afterwards, since later ones need the new key.',
  arity: exactly(0),
  flags: {},
  waitsForever: true,
  async run({ session, io }) {
    const client = await session.client()
    const { output } = await session.settings()
    const answer = objectOf(await client.request({ method: 'POST', path: ['v1', 'iam', 'key'] }))
    if (output === 'json') session.print(renderJson(answer, 4))
    if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(answer))
    if (output === 'table')
      session.report(`Rotated keys: ${answer.records} records are sealed with ${textOf(answer.key)}`)
    return 0
  },
})
