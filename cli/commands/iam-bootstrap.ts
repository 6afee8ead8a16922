/** Owns `iam bootstrap`: the organization, the subject and the policy with which a server that asks who one is begins. */
import type { ApiClient } from '../client.ts'
import { defineCommand, exactly, type Invocation } from '../command.ts'
import { Failure, isConflict, isNotFound } from '../failure.ts'
import { type Json, type JsonObject, objectOf, objectsOf, renderJson, textOf, textsOf } from '../format/json.ts'
import { createKeyFile, holdsKeyOf } from '../key-file.ts'
import { resources } from '../resources.ts'

const policyName = 'default-policy'
const accountName = 'default-svc'
const defaultOrganization = 'dispatch'

/** What is there already stays. */
async function createOrganization(client: ApiClient, name: string): Promise<string> {
  const { path } = resources.organization
  try {
    await client.request({ method: 'POST', path, body: { name } })
    return `Created organization: ${name}`
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown
    return `Unchanged organization: ${name}`
  }
}

const findOrNone = (client: ApiClient, path: readonly string[]): Promise<Json | undefined> =>
  client.request({ method: 'GET', path }).catch(thrown => {
    if (isNotFound(thrown)) return undefined
    throw thrown
  })

interface KeyPlaces {
  readonly cwd: string
  /** Where a new one goes. */
  readonly path: string
  /** Of the login that there is; '' without one. */
  readonly present: string
}

/** Of an account that is there the key stays where it can be found; whoever has lost it gets a new one. */
async function keepAccount(client: ApiClient, { cwd, path: file, present }: KeyPlaces): Promise<string> {
  const { path } = resources.serviceAccount
  const account = await findOrNone(client, [...path, accountName])
  const stored = Buffer.from(textOf(objectOf(account).publicKey), 'base64').toString()
  for (const place of [file, present])
    if (await holdsKeyOf(stored, { cwd, path: place })) return `Unchanged service account: ${accountName}`
  const key = await createKeyFile({ cwd, path: file })
  const body = { name: accountName, publicKey: Buffer.from(key.publicPem).toString('base64') }
  try {
    if (account === undefined) await client.request({ method: 'POST', path, body })
    else await client.request({ method: 'PUT', path: [...path, accountName], body })
  } catch (thrown) {
    await key.remove()
    throw thrown
  }
  return account === undefined
    ? `Created service account: ${accountName}, key: ${file}`
    : `Updated service account: ${accountName}, new key: ${file}; the former one counts no more`
}

const isEverything = ({ actions, resources: kinds }: JsonObject): boolean =>
  [actions, kinds].every(list => textsOf(list).join() === '*')

/** Who is in it stays. */
async function allowEverything(client: ApiClient, subject: string): Promise<string[]> {
  const { path } = resources.policy
  const policy = await findOrNone(client, [...path, policyName])
  const rules = objectsOf(objectOf(policy).rules)
  const former = rules.filter(isEverything).flatMap(rule => textsOf(rule.subjects))
  const subjects = [...new Set([...former, subject])]
  const others = rules.filter(rule => !isEverything(rule))
  const body = {
    name: policyName,
    global: true,
    rules: [{ subjects, actions: ['*'], resources: ['*'] }, ...others],
  }
  if (policy === undefined) {
    await client.request({ method: 'POST', path, body })
    return [`Created policy: ${policyName}`]
  }
  const isSaid = objectOf(policy).global === true && former.includes(subject)
  if (!isSaid) await client.request({ method: 'PUT', path: [...path, policyName], body })
  const done = isSaid ? 'Unchanged' : 'Updated'
  return [`${done} policy: ${policyName}`, `Everything is allowed to: ${subjects.join(', ')}`]
}

async function lookForUser(client: ApiClient, name: string): Promise<string[]> {
  const users = objectsOf(await client.request({ method: 'GET', path: ['v1', 'iam', 'user'] }))
  if (users.some(user => user.name === name)) return []
  return [
    `There is no user ${name} yet: dispatch iam create user ${name}; people of an issuer or with a certificate need none`,
  ]
}

async function show({ session, io }: Invocation, lines: readonly string[], told: Json): Promise<void> {
  const { output } = await session.settings()
  if (output === 'json') session.print(renderJson(told, 4))
  if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(told))
  if (output === 'table') for (const line of lines) session.report(line)
}

export const command = defineCommand({
  usage: '',
  description:
    'Let the first one in, on the machine of the server as root or a member of the group dispatch: create the organization, a service account with a new key, or none for --user, and a policy that allows it everything everywhere. What is there already stays; who is in the policy too. An account whose key is not there gets a new one: this is also how to get back in.',
  examples: ['dispatch iam bootstrap', 'dispatch iam bootstrap --user jon --organization dispatch'],
  arity: exactly(0),
  flags: {
    user: { kind: 'text', value: 'NAME', summary: 'a user in place of a service account' },
    'key-file': {
      kind: 'text',
      value: 'FILE',
      fallback: `${accountName}.pem`,
      summary: 'where the private key goes; another file that is there is not written over',
    },
  },
  async run(invocation) {
    const { flags, io } = invocation
    const { user } = flags
    if (user.includes('/')) throw new Failure('the name of a user has no slash in it: give the name alone to --user')
    const settings = await invocation.session.settings()
    const organization = settings.organization || defaultOrganization
    const present = settings.jwtPrivateKey
    const session = invocation.session.withFlags(['--organization', organization])
    const client = await session.client()
    const subject = user || `${organization}/${accountName}`
    const lines = [await createOrganization(client, organization)]
    if (user === '') lines.push(await keepAccount(client, { cwd: io.cwd, path: flags['key-file'], present }))
    lines.push(...(await allowEverything(client, subject)))
    if (user !== '') lines.push(...(await lookForUser(client, user)))
    session.close()
    await show(invocation, lines, { organization, subject, policy: policyName })
    if (user === '')
      session.note(`Log in with: dispatch login --service-account ${subject} --jwt-private-key ${flags['key-file']}`)
    return 0
  },
})
