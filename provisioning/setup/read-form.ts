/** Reads a form as browsers send it, with files or without. */

/** What stands in a field of the form; undefined where it is not there or empty. */
export type Given = (name: string) => string | undefined

export const formTypes = ['multipart/form-data', 'application/x-www-form-urlencoded']
/** Three texts of 64 KB, in a sealed draft by a third longer, beside what else stands there. */
export const maxFormBytes = 512 * 1024

/** That it cannot be read, for whatever reason. */
export class UnreadableForm extends Error {}

async function parseForm(content: Buffer<ArrayBuffer>, contentType: string): Promise<FormData> {
  try {
    return await new Response(content, { headers: { 'content-type': contentType } }).formData()
  } catch (thrown) {
    throw new UnreadableForm('the form could not be read', { cause: thrown })
  }
}

/** Of a field that comes twice the last one counts. Rejects with UnreadableForm. */
export async function readForm(content: Buffer<ArrayBuffer>, contentType: string): Promise<Given> {
  const form = await parseForm(content, contentType)
  const texts = new Map<string, string>()
  for (const [name, value] of form) texts.set(name, typeof value === 'string' ? value : await value.text())
  return name => texts.get(name) || undefined
}
