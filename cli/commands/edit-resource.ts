/** Owns `edit KIND NAME` for every kind of object. */
import { type Command, defineCommand, exactly, type Invocation } from '../command.ts'
import { type CheckedDocument, checkDocuments } from '../documents/read.ts'
import { performJob } from '../documents/report.ts'
import { editText } from '../editor.ts'
import { ApiFailure, Failure } from '../failure.ts'
import type { FlagTable } from '../flag.ts'
import { objectOf } from '../format/json.ts'
import type { Resource } from '../resources.ts'
import { startPatience, waitFlags } from '../wait.ts'

const workDirFlag = {
  'work-dir': { kind: 'text', short: 'w', value: 'DIR', summary: 'directory that paths in the text are relative to' },
} as const satisfies FlagTable

interface Subject {
  readonly resource: Resource
  readonly name: string
}

async function loadText({ resource, name }: Subject, { session }: Invocation): Promise<string> {
  const { organization } = await session.settings()
  const client = await session.client()
  const object = objectOf(await client.request({ method: 'GET', path: [...resource.path, name] }))
  const { editableOf } = await import('../documents/editable.ts')
  const { renderYaml } = await import('../format/yaml.ts')
  return renderYaml(editableOf(object, { resource, organization }))
}

/** A function's code is not part of the text; without a `sourcePath` in it the stored one stays. */
const keepCode = (document: CheckedDocument): CheckedDocument =>
  document.kind.resource.kind === 'Function'
    ? { ...document, object: { ...document.object, keepSource: true } }
    : document

/** More documents may follow the one that was asked for. */
function checkEdited(text: string, { resource, name }: Subject): CheckedDocument[] {
  const documents = checkDocuments(text, `${resource.label} ${name}`)
  const [first] = documents
  if (first !== undefined && (first.kind.resource.kind !== resource.kind || first.name !== name))
    throw new Failure(
      `kind ${resource.kind} and name ${name} must stay; to rename, create a new one and delete the old`,
    )
  return documents.map(keepCode)
}

const lacksSource = (thrown: unknown): thrown is ApiFailure =>
  thrown instanceof ApiFailure && thrown.message.includes('either source or sourceURL')

async function update(documents: readonly CheckedDocument[], { session, io, flags }: Invocation): Promise<number> {
  const place = { cwd: io.cwd, file: '', workDir: String(flags['work-dir']) }
  const patience = startPatience(flags, io)
  try {
    return await performJob({ verb: 'update', session, io, place, documents, patience })
  } catch (thrown) {
    if (!lacksSource(thrown)) throw thrown
    throw new Failure(`${thrown.message}: this server does not keep the code; add the line "sourcePath: PATH"`)
  }
}

const complaint = '#! '
const withComplaint = (text: string, message: string): string => {
  const lines = text.split('\n').filter(line => !line.startsWith(complaint))
  return [...message.split('\n').map(line => complaint + line), ...lines].join('\n')
}

/** What a person wrote is not lost when it cannot be used: the editor comes back with the reason, until it is left as it is. */
async function edit(subject: Subject, invocation: Invocation): Promise<number> {
  const { session, io } = invocation
  const before = await loadText(subject, invocation)
  const name = `${subject.resource.kind}.yaml`
  let failure: Failure | undefined
  for (let text = before; ; ) {
    const edited = await editText(io, { name, text })
    if (edited === text && failure) throw failure
    try {
      const documents = edited === before ? [] : checkEdited(edited, subject)
      if (documents.length > 0) return await update(documents, invocation)
      session.report('Edit cancelled, no changes made.')
      return 0
    } catch (thrown) {
      if (!(thrown instanceof Failure) || !io.stderrIsTerminal || io.interrupted.aborted) throw thrown
      failure = thrown
      text = withComplaint(edited, thrown.message)
    }
  }
}

export const createEditCommand = (resource: Resource): Command =>
  defineCommand({
    usage: 'NAME',
    description: `Change the ${resource.label} in the editor that EDITOR names: what was written there is sent when the editor ends. Without a change nothing is.`,
    examples: [`EDITOR='code --wait' dispatch edit ${resource.label.replaceAll(' ', '-')} NAME`],
    arity: exactly(1),
    completes: [resource.kind],
    flags: { ...workDirFlag, ...waitFlags },
    run: invocation => edit({ resource, name: invocation.args[0] ?? '' }, invocation),
  })
