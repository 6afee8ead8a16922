/** What java alone promises: its examples, each way in which a function's classes may lie, types, and Spring's beans. */
import { execFileSync } from 'node:child_process'
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { renderClass, renderZip } from '../../helpers/package-index-formats.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { createTestEngine } from '../../helpers/test-engine.ts'

const docker = createRealDocker()
const image = runtimeImage('java')
const jon = { name: 'Jon', place: 'Winterfell' }
const filesIn = (folder: string) =>
  Object.fromEntries(globSync('**/*.*', { cwd: folder }).map(name => [name, readFileSync(join(folder, name), 'utf8')]))
const examples = filesIn('test/fixtures/stories/examples/java/hello-with-deps')
const named = (name: string) => `io.dispatchframework.examples.${name}`
const hello = examples['src/main/java/io/dispatchframework/examples/Hello.java'] ?? ''

const call = async (t: ExecutionContext, files: Record<string, string>, handler: string, payload: unknown) => {
  const engine = createTestEngine(t, { docker })
  const outcome = await engine.call(engine.revision(image, files, handler), payload)
  return outcome.ok ? JSON.parse(outcome.outputJson) : outcome.error
}

test.serial('examples: of a folder as Maven has it only what the handler needs is compiled', async t => {
  t.is(await call(t, examples, named('Hello'), jon), 'Hello, Jon from Winterfell')
  t.deepEqual(await call(t, examples, named('HelloWithClasses'), { name: 'Arya' }), {
    myField: 'Hello, Arya from Nowhere',
  })
})

test.serial('a lone file has its package without the folders, and needs no handler', async t => {
  t.is(await call(t, { 'Hello.java': hello }, named('Hello'), jon), 'Hello, Jon from Winterfell')
  t.is(await call(t, { 'Hello.java': hello }, '', jon), 'Hello, Jon from Winterfell')
})

test.serial('a jar without source', async t => {
  const out = mkdtempSync(join(tmpdir(), 'dispatch-jar-'))
  t.teardown(() => rmSync(out, { recursive: true }))
  chmodSync(out, 0o777)
  writeFileSync(join(out, 'Hello.java'), hello)
  const script = `java -m jdk.compiler/com.sun.tools.javac.Main -d /tmp/classes /out/Hello.java &&
    java -m jdk.jartool/sun.tools.jar.Main --create --file /out/hello.jar -C /tmp/classes .`
  const run = ['run', '--rm', '--network', 'none', '--volume', `${out}:/out`, image.dockerImage, 'sh', '-c', script]
  execFileSync('docker', run, { stdio: 'pipe' })
  const engine = createTestEngine(t, { docker })
  const placeCode = async (directory: string) => {
    mkdirSync(join(directory, 'lib'))
    writeFileSync(join(directory, 'lib/hello.jar'), readFileSync(join(out, 'hello.jar')))
  }
  const outcome = await engine.call({ ...engine.revision(image, {}, named('Hello')), placeCode }, jon)
  t.like(outcome, { ok: true, outputJson: '"Hello, Jon from Winterfell"' })
})

const echo = `public class Echo implements java.util.function.BiFunction<Object, Object, Object> {
  public Object apply(Object context, Object payload) { return payload; }
}`

test.serial('numbers come out as they came in, also those that no double holds', async t => {
  const engine = createTestEngine(t, { docker })
  const json = '[1,-0.5,0.1,9007199254740993,123456789012345678901234567890]'
  const echoed = engine.revision(image, { 'Echo.java': echo })
  const invoked = await engine.engine.invoke(echoed, { id: 'echo', contextJson: '{}', payloadJson: json })
  t.is(invoked.ok && invoked.outputJson, json)
})

const half = `public class Half implements java.util.function.BiFunction<Object, Double, Object> {
  public Object apply(Object context, Double payload) { return payload == null ? "nothing" : payload / 2; }
}`

const count = `public class Count implements java.util.function.BiFunction<Object, java.util.Map<String, Double>, Object> {
  public Object apply(Object context, java.util.Map<String, Double> payload) { return payload; }
}`

test.serial('null fits a Double, alone and in a map', async t => {
  t.is(await call(t, { 'Half.java': half }, '', 3), 1.5)
  t.is(await call(t, { 'Half.java': half }, '', null), 'nothing')
  t.deepEqual(await call(t, { 'Count.java': count }, '', { a: null, b: 2 }), { a: null, b: 2 })
})

const filler = `import java.nio.file.*;

public class Filler implements java.util.function.BiFunction<Object, Object, Object> {
  public Object apply(Object context, Object payload) {
    if (payload != null) return payload;
    try {
      Files.write(Path.of("/tmp/full"), new byte[1 << 26]);
    } catch (java.io.IOException full) {
      System.exit(3);
    }
    return "not full";
  }
}`

test.serial('a worker starts also when its function has left no room in /tmp', async t => {
  const engine = createTestEngine(t, { docker })
  const filling = engine.revision(image, { 'Filler.java': filler })
  for (const payload of ['before', 'after']) {
    t.like(await engine.call(filling, payload), { ok: true, outputJson: JSON.stringify(payload) })
    t.like(await engine.call(filling), { ok: false })
  }
})

const unloadable: Record<string, { members: string; reason: RegExp }> = {
  'an Error of its static initializer': {
    members: 'static { if (true) throw new AssertionError("not today"); }',
    reason: /^Invalid function file or handler: java\.lang\.AssertionError: not today$/,
  },
  'an exception of its static initializer': {
    members: 'static { if (true) throw new IllegalStateException("not today"); }',
    reason: /^Invalid function file or handler: java\.lang\.IllegalStateException: not today$/,
  },
  'source that the compiler itself cannot stand': {
    members: `int sum = ${'1 + '.repeat(20_000)} payload;`,
    reason: /^Could not compile source file Bad\.java: java\.lang\.StackOverflowError$/,
  },
}

for (const [what, { members, reason }] of Object.entries(unloadable)) {
  test.serial(`why a function cannot be loaded is told: ${what}`, async t => {
    const bad = `public class Bad implements java.util.function.BiFunction<Object, Object, Object> {
  ${members}
  public Object apply(Object context, Object payload) { return payload; }
}`
    const refused = await call(t, { 'Bad.java': bad }, '', null)
    t.regex(refused.message, reason)
  })
}

const interrupted = `import java.util.Iterator;
import java.util.List;

public class Interrupted implements java.util.function.BiFunction<Object, Object, Object> {
  private static int calls;

  public Object apply(Object context, Object payload) {
    Thread.currentThread().interrupt();
    if (payload == null) return ++calls;
    return List.of("a", "b").stream().peek(piece -> Thread.currentThread().interrupt());
  }
}`

test.serial('an interrupt that a handler leaves behind ends neither its call nor its worker', async t => {
  const engine = createTestEngine(t, { docker, limits: { concurrency: 1 } })
  const leaving = engine.revision(image, { 'Interrupted.java': interrupted })
  t.like(await engine.call(leaving), { ok: true, outputJson: '1' })
  t.like(await engine.stream(leaving, 'pieces', { onPiece: async () => true }), { ok: true, outputJson: '"ab"' })
  t.like(await engine.call(leaving), { ok: true, outputJson: '2' })
})

const circle = (member: string) => `public class Bad implements java.util.function.BiFunction<Object, Object, Object> {
  ${member}
  public Object apply(Object context, Object payload) { throw circle(); }
  static RuntimeException circle() {
    RuntimeException inner = new RuntimeException("inner");
    RuntimeException outer = new RuntimeException("outer", inner);
    inner.initCause(outer);
    return outer;
  }
}`

test.serial('causes may go round in a circle', async t => {
  t.regex((await call(t, { 'Bad.java': circle('{ if (true) throw circle(); }') }, '', null)).message, /: outer: /)
  t.like(await call(t, { 'Bad.java': circle('') }, '', null), { type: 'FunctionError', message: 'outer' })
})

const other = `public class Other implements java.util.function.BiFunction<Object, Object, Object> {
  public Object apply(Object context, Object payload) { return com.google.gson.Gson.hello(); }
}`

test.serial('a function that brings another Gson is compiled with the one that it will run with', async t => {
  const engine = createTestEngine(t, { docker })
  const code = renderClass({ className: 'com.google.gson.Gson', method: 'hello', answers: 'hello' })
  const revision = engine.revision(image, { 'Other.java': other })
  const placeCode = async (directory: string) => {
    await revision.placeCode(directory)
    writeFileSync(join(directory, 'gson.jar'), renderZip({ 'com/google/gson/Gson.class': code }))
  }
  const outcome = await engine.call({ ...revision, placeCode })
  t.regex(outcome.ok ? '' : outcome.error.message, /^Could not compile .* line 2: cannot find symbol/)
})

test.serial("a payload that does not fit the handler's type is the caller's fault", async t => {
  const refused = await call(t, examples, named('HelloWithClasses'), 'no person')
  t.is(refused.type, 'InputError')
  t.regex(refused.message, /^The input is no .*HelloWithClasses\$Person: /)
})

test.serial(
  "the one BiFunction among Spring's beans is the function (a stand-in for Spring, which no test has)",
  async t => {
    const files = { ...examples, ...filesIn('test/fixtures/runtimes/spring') }
    t.deepEqual(await call(t, files, named('HelloSpring'), jon), { myField: 'Hello, Jon from Winterfell' })
  },
)

test.serial('a function that wants more memory than there is is told so, and the next call is unharmed', async t => {
  const engine = createTestEngine(t, { docker })
  const probed = engine.revision(image, { 'Probe.java': readFileSync('test/fixtures/runtimes/Probe.java', 'utf8') })
  const starved = await engine.call(probed, { do: 'memory' })
  t.regex(starved.ok ? '' : starved.error.message, /^The function ran out of memory: it has \d+ MiB$/)
  t.like(await engine.call(probed, { do: 'echo' }), { ok: true })
})
