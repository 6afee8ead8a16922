/** Owns `image prune`: what nothing uses any more goes from the server's Docker. */

import { defineCommand, exactly } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { integerOf, objectOf, objectsOf, renderJson, textOf, textsOf } from '../format/json.ts'
import { cleanText } from '../format/terminal.ts'

const mebibyte = 1024 * 1024

export const command = defineCommand({
  usage: '',
  description:
    'Remove the Docker images that the server has built or pulled and that no image and no function is on, of any organization. They also go by themselves, 10 minutes after their last use.',
  arity: exactly(0),
  flags: {},
  async run({ session, io }) {
    const client = await session.client()
    const output = formatWithoutNames(await session.settings())
    const answer = objectOf(await client.request({ method: 'POST', path: ['v1', 'image', 'prune'] }))
    if (output === 'json') session.print(renderJson(answer, 4))
    if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(answer))
    if (output !== 'table') return 0
    for (const { id, names } of objectsOf(answer.removed))
      session.report(`Removed: ${cleanText(textsOf(names)[0] ?? textOf(id))}`)
    session.report(`Freed: ${(Number(integerOf(answer.freedBytes)) / mebibyte).toFixed(1)} MiB`)
    return 0
  },
})
