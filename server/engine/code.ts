/** Puts a function's code where its container sees it. */
import { chmod, copyFile, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Copies plain files and directories; anything else has no meaning in a function's code. Modes are set so that the user inside
 * (nobody) can read all of it, whatever they were in the archive; what was executable stays so.
 */
export async function copyCode(sourceDir: string, codeDir: string): Promise<void> {
  const entries = await readdir(sourceDir, { withFileTypes: true })
  await Promise.all(
    entries.map(async entry => {
      const [source, target] = [join(sourceDir, entry.name), join(codeDir, entry.name)]
      if (entry.isDirectory()) {
        await mkdir(target)
        await chmod(target, 0o755)
        await copyCode(source, target)
      } else if (entry.isFile()) {
        await copyFile(source, target)
        await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644)
      }
    }),
  )
}
