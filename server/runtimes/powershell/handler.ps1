# Finds the function that a handler names, and calls it.

# Throws the text that is shown as the reason of the function's ERROR status.
function Import-Handler([string] $Handler, [string] $Directory) {
    if ($Handler -eq '') { $Handler = Get-DefaultHandler $Directory }
    $file, $name = $Handler -split '::', 2
    $path = [System.IO.Path]::GetFullPath($file, $Directory)
    $invalid = 'Invalid function file or handler:'
    if (-not $name) { throw "$invalid $Handler is not FILE.ps1::FUNCTION" }
    if (-not [System.IO.File]::Exists($path)) { throw "$invalid $file is not there" }
    $faults = $null
    $null = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref] $null, [ref] $faults)
    if ($faults) {
        $fault = $faults[0]
        throw "${invalid} SyntaxError: $($fault.Message) ($file, line $($fault.Extent.StartLineNumber))"
    }
    try {
        # A module of its own: nothing that it defines comes in the way of the runtime.
        $module = New-Module -ScriptBlock { param($Path) . $Path } -ArgumentList $path
        & $module {
            $script:ErrorActionPreference = 'Continue'
            $script:VerbosePreference = 'Continue'
            $script:DebugPreference = 'Continue'
        }
        $function = & $module { param($Name) Get-Item -LiteralPath "function:$Name" -ErrorAction Ignore } $name
    } catch {
        throw "$invalid $($_.Exception.GetType().Name): $($_.Exception.Message) ($file, line $($_.InvocationInfo.ScriptLineNumber))"
    }
    if ($null -eq $function) { throw "$invalid $file has no function $name" }
    return $function
}

function Get-DefaultHandler([string] $Directory) {
    $files = [System.IO.Directory]::GetFiles($Directory, '*.ps1')
    if ($files.Length -ne 1) { throw 'Exactly 1 source file needed when HANDLER is empty' }
    return [System.IO.Path]::GetFileName($files[0]) + '::handle'
}

# Returns the members of the result frame and the output as JSON.
function Invoke-Handler($Function, [string] $ContextJson, [string] $PayloadJson, [int] $OutputBytes) {
    try {
        $context = ConvertFrom-Payload $ContextJson
        $payload = ConvertFrom-Payload $PayloadJson
        $values = @(& $Function $context $payload)
    } catch {
        return @{ ok = $false; error = Get-Failure $_ }, ''
    }
    # As everywhere in PowerShell: nothing is null, one value is itself, several are an array.
    $value = if ($values.Length -eq 1) { , $values[0] } elseif ($values.Length -gt 1) { , $values } else { $null }
    try {
        $json = ConvertTo-Json -InputObject $value -Compress -Depth 100
    } catch {
        return (Get-PayloadFailure "Unable to serialize response payload: $($_.Exception.Message)"), ''
    }
    $bytes = [System.Text.Encoding]::UTF8.GetByteCount($json)
    if ($bytes -gt $OutputBytes) {
        $text = "Unable to return response payload: $bytes bytes exceed the limit of $OutputBytes bytes"
        return (Get-PayloadFailure $text), ''
    }
    return @{ ok = $true }, $json
}

# Texts that look like times stay texts, where this PowerShell can; keys that differ by case only need a hash table.
function ConvertFrom-Payload([string] $Json) {
    $options = @{ NoEnumerate = $true }
    if ((Get-Command ConvertFrom-Json).Parameters.ContainsKey('DateKind')) { $options.DateKind = 'String' }
    try { $value = ConvertFrom-Json -InputObject $Json @options }
    catch { $value = ConvertFrom-Json -InputObject $Json -AsHashtable @options }
    return , $value
}

function Get-PayloadFailure([string] $Message) {
    return @{ ok = $false; error = @{ type = 'FunctionError'; message = Get-Short $Message; stacktrace = $null } }
}

# A header of a frame has its bound, which would cost the container.
function Get-Short([string] $Text) {
    $most = 32 * 1024
    if ($Text.Length -le $most) { return $Text }
    return $Text.Substring(0, $most) + " [truncated after $most characters]"
}

# Bad arguments are the caller's fault, everything else is the function's.
function Get-Failure($Fault) {
    $exception = $Fault.Exception
    if ($exception -is [System.Management.Automation.MethodInvocationException]) { $exception = $exception.InnerException }
    $type = if ($exception -is [System.ArgumentException]) { 'InputError' } else { 'FunctionError' }
    # The last frames are the runtime's own.
    $frames = @($Fault.ScriptStackTrace -split "`n" | Where-Object { -not $_.Contains("$PSScriptRoot/") })
    $lines = @("$($exception.GetType().Name): $($exception.Message)") + $frames
    $shown = @((Get-Short ($lines -join "`n")) -split "`n")
    return @{ type = $type; message = Get-Short $exception.Message; stacktrace = $shown }
}
