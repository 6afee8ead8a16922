/** Owns `completion`: a bash script made from the command tree, so that it can never lag behind it. */
import { anyNumber, type CommandNode, defineCommand } from '../command.ts'
import type { FlagTable } from '../flag.ts'
import { globalFlags } from '../parser/global-flags.ts'

interface Place {
  readonly line: string
  readonly words: readonly string[]
  readonly flags: readonly string[]
  readonly completes: string | undefined
}

const spellFlags = (table: FlagTable): string[] =>
  Object.entries(table)
    .filter(([, flag]) => !flag.hidden)
    .flatMap(([name, flag]) => (flag.short === undefined ? [`--${name}`] : [`--${name}`, `-${flag.short}`]))

/** Flags that want a value; the word behind one is not completed as a command. */
const spellValueFlags = (table: FlagTable): string[] =>
  spellFlags(Object.fromEntries(Object.entries(table).filter(([, flag]) => flag.kind !== 'toggle')))

/** Every way to write the path of a command, aliases included. */
async function collectPlaces(node: CommandNode, lines: readonly string[]): Promise<Place[]> {
  const command = await node.load?.()
  const children = node.children ?? []
  const words = children.map(child => child.name).sort()
  const flags = spellFlags(command?.flags ?? {})
  const own = lines.map(line => ({ line, words, flags, completes: node.completes }))
  const below = children.map(child => {
    const names = [child.name, ...(child.aliases ?? [])]
    return collectPlaces(
      child,
      lines.flatMap(line => names.map(name => `${line} ${name}`)),
    )
  })
  return [...own, ...(await Promise.all(below)).flat()]
}

async function collectValueFlags(node: CommandNode): Promise<string[]> {
  const own = spellValueFlags((await node.load?.())?.flags ?? {})
  const below = await Promise.all((node.children ?? []).map(collectValueFlags))
  return [...own, ...below.flat()]
}

const renderPlace = ({ line, words, flags, completes }: Place): string =>
  [
    `        ${JSON.stringify(line)})`,
    `            words=${JSON.stringify(words.join(' '))}`,
    `            flags=${JSON.stringify(flags.join(' '))}`,
    `            names=${JSON.stringify(completes ?? '')}`,
    '            ;;',
  ].join('\n')

/** The shell expands what `compgen -W` gets: of a server's names only those pass in which there is nothing to expand. */
const plainNames = `LC_ALL=C awk 'sub(/^(- |  )name: /, "") && /^[A-Za-z0-9._-]+$/'`

/** As YAML, where names stand alike for all kinds. TAB must not hang on a server that is slow or away. */
const listNames = `dispatch get "$names" -o yaml --request-timeout 2s 2>/dev/null | ${plainNames}`

const renderScript = (places: readonly Place[], valueFlags: readonly string[]): string => `\
# bash completion for dispatch                             -*- shell-script -*-
# Load it with: source <(dispatch completion)

__dispatch_place()
{
    case "$1" in
${places.map(renderPlace).join('\n')}
        *)
            return 1
            ;;
    esac
}

__start_dispatch()
{
    local cur="\${COMP_WORDS[COMP_CWORD]}" place="dispatch" words flags names index word
    COMPREPLY=()
    for ((index = 1; index < COMP_CWORD; index++)); do
        word="\${COMP_WORDS[index]}"
        case " ${valueFlags.join(' ')} " in
            *" $word "*) ((index++)); continue ;;
        esac
        [[ $word == -* ]] && continue
        __dispatch_place "$place $word" && place="$place $word"
    done
    __dispatch_place "$place"
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$flags ${spellFlags(globalFlags).join(' ')}" -- "$cur"))
    elif [[ -n $names ]]; then
        COMPREPLY=($(compgen -W "$(${listNames})" -- "$cur"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    fi
}

complete -o default -F __start_dispatch dispatch
`

export const command = defineCommand({
  usage: '',
  description: 'Print a completion script for bash: commands, flags, and names of existing objects.',
  examples: ['source <(dispatch completion)'],
  arity: anyNumber,
  flags: {},
  async run({ io, root }) {
    const values = new Set([...spellValueFlags(globalFlags), ...(await collectValueFlags(root))])
    io.stdout.write(renderScript(await collectPlaces(root, [root.name]), [...values].sort()))
    return 0
  },
})
