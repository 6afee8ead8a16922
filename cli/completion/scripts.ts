/** Owns the completion scripts: each asks the program itself, so that none can lag behind it. */

/** TAB must not hang on a server that is slow or away. */
const ask = 'dispatch __complete --request-timeout 1s'

export const scripts = {
  bash: `\
# bash completion for dispatch                             -*- shell-script -*-
# Load it with: source <(dispatch completion bash)

__start_dispatch()
{
    local word
    COMPREPLY=()
    while IFS=$'\\t' read -r word _; do
        COMPREPLY+=("$word")
    done < <(${ask} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -o default -F __start_dispatch dispatch
`,
  zsh: `\
#compdef dispatch
# zsh completion for dispatch
# Load it with: source <(dispatch completion zsh), or as _dispatch in a directory of fpath

_dispatch()
{
    local -a candidates
    local word summary
    while IFS=$'\\t' read -r word summary; do
        candidates+=("$word\${summary:+:$summary}")
    done < <(${ask} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( \${#candidates} )); then
        _describe dispatch candidates
    else
        _files
    fi
}

if [[ \${funcstack[1]} == _dispatch ]]; then
    _dispatch
else
    compdef _dispatch dispatch
fi
`,
  fish: `\
# fish completion for dispatch
# Load it with: dispatch completion fish | source

function __dispatch_prepare
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -g __dispatch_candidates (${ask} -- $words[2..-1] "$current" 2>/dev/null)
    test (count $__dispatch_candidates) -gt 0
end

complete -c dispatch -e
complete -c dispatch -n __dispatch_prepare -f -k -a '$__dispatch_candidates'
`,
  powershell: `\
# powershell completion for dispatch
# Load it with: dispatch completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName dispatch -ScriptBlock {
    param($current, $line, $position)
    $words = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } |
        ForEach-Object { $_.Extent.Text })
    # An empty word would be lost on the way to the program.
    $rest = if ($current) { @('--') + $words + $current } else { @('--empty', '--') + $words }
    ${ask} @rest 2>$null | ForEach-Object {
        $word, $summary = $_ -split "\\t", 2
        $tip = if ($summary) { $summary } else { $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $tip)
    }
}
`,
} as const
export type Shell = keyof typeof scripts
