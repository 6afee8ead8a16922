/** Owns `iam create token`. */
import { defineCommand, exactly } from '../command.ts'
import { numberOf, objectOf, textOf } from '../format/json.ts'
import { renderObject } from '../output.ts'
import { credentials } from '../resources.ts'

const { token: resource } = credentials

export const command = defineCommand({
  usage: 'TOKEN_NAME',
  description:
    'Create an API token, with which a program calls the server: as --token, or as the header "Authorization: Bearer TOKEN". It is printed this once, the server keeps a digest alone. It counts in its organization, and is at its end when it is deleted, when its time is over, or when its subject is gone.',
  examples: [
    'dispatch iam create token ci --scope runs:create --expires 30d',
    'dispatch iam create token robot --subject robot',
    'TOKEN=$(dispatch iam create token ci --quiet)',
  ],
  arity: exactly(1),
  flags: {
    subject: {
      kind: 'text',
      value: 'NAME',
      completes: 'ServiceAccount',
      summary: 'the user or service account that it acts for; without it, whoever creates it',
    },
    scope: {
      kind: 'names',
      value: 'RESOURCE:ACTION',
      summary: 'what it is limited to, of what its subject may do: runs:create, *:get, secret:*',
    },
    expires: { kind: 'duration', summary: 'how long it counts, such as 30d; without it until it is deleted' },
  },
  async run({ args: [name = ''], flags: { subject, scope, expires: lifetimeMs }, session, io }) {
    const { output } = await session.settings()
    const client = await session.client()
    const body = {
      name,
      ...(subject !== '' && { subject }),
      ...(scope.length > 0 && { scope: [...scope] }),
      ...(lifetimeMs !== undefined && { lifetimeSeconds: numberOf(String(Math.ceil(lifetimeMs / 1000))) }),
    }
    const created = objectOf(await client.request({ method: 'POST', path: resource.path, body }))
    if (output === 'table') {
      session.report(`${resource.createdText}: ${name}`)
      session.print(textOf(created.token))
    } else io.stdout.write(await renderObject(created, resource.model, output))
    session.note('Note: keep the token well, it is not shown again')
    return 0
  },
})
