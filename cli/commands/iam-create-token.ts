/** Owns `iam create token`. */

import { defineCommand, exactly } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { Failure } from '../failure.ts'
import { type Json, numberOf, objectOf, textOf } from '../format/json.ts'
import { renderObject } from '../output.ts'
import { parseDuration } from '../parser/values.ts'
import { credentials } from '../resources.ts'

const { token: resource } = credentials

const scopeShape = /^([\w-]+|\*):(get|create|update|delete|read|\*)$/

function checkScope(part: string): void {
  if (scopeShape.test(part)) return
  throw new Failure(
    `--scope ${part} is not RESOURCE:ACTION, such as runs:create; actions are get, create, update, delete, read, or * for all`,
  )
}

/** Seconds. A bare number, which other flags take for seconds, is most often meant as days here. */
function parseLifetime(text: string): Json {
  const needs = `--expires ${text} is no time of a second or more, with its unit, such as 12h or 30d`
  if (/^[\d.]+$/.test(text)) throw new Failure(needs)
  const seconds = Math.ceil(parseDuration(text) / 1000)
  if (seconds < 1) throw new Failure(needs)
  return numberOf(String(seconds))
}

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
    expires: {
      kind: 'text',
      value: 'DURATION',
      summary: 'how long it counts, such as 12h or 30d; without it until it is deleted',
    },
  },
  async run({ args: [name = ''], flags: { subject, scope, expires }, session, io }) {
    scope.forEach(checkScope)
    const output = formatWithoutNames(await session.settings())
    const client = await session.client()
    const body = {
      name,
      ...(subject !== '' && { subject }),
      ...(scope.length > 0 && { scope: [...scope] }),
      ...(expires !== '' && { lifetimeSeconds: parseLifetime(expires) }),
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
