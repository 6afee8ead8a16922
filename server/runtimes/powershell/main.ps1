# One worker of the powershell runtime: loads the function when the launcher says which, then answers calls until the server hangs up.
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/frames.ps1
. $PSScriptRoot/printed.ps1
. $PSScriptRoot/handler.ps1

$launcherPath, $enginePath, $directory = $env:DISPATCH_LAUNCHER, $env:DISPATCH_ENGINE, $env:DISPATCH_FUNCTION
# They are no business of the function and its child processes.
Remove-Item Env:DISPATCH_LAUNCHER, Env:DISPATCH_ENGINE, Env:DISPATCH_FUNCTION
# When memory runs out, this process goes rather than the launcher that can replace it.
try { [System.IO.File]::WriteAllText('/proc/self/oom_score_adj', '1000') } catch { }
[System.Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
$stdout, $stderr = (Open-Printed 1), (Open-Printed 2)

# What the first call needs is loaded ahead.
$null = ConvertTo-Json -InputObject @{} -Compress
$null = ConvertFrom-Payload '{}'

$launcher = Connect-Socket $launcherPath
Send-Frame $launcher @{ type = 'started' }
$frame = Read-Frame $launcher
if ($null -eq $frame) { exit 0 }
$assignment = $frame.header

try {
    $function = Import-Handler $assignment.handler $directory
} catch {
    Send-Frame $launcher @{ type = 'load-failed'; message = $_.Exception.Message }
    exit 1
}
$engine = Connect-Socket $enginePath
Send-Frame $engine @{ type = 'ready'; worker = $assignment.worker; calls = 1 }
$launcher.Dispose()

while ($frame = Read-Frame $engine) {
    if ($frame.header.type -ne 'call') { continue }
    # What was printed between two calls belongs to neither.
    Clear-Printed $stdout
    Clear-Printed $stderr
    $contextJson, $payloadJson = $frame.texts
    $result, $output = Invoke-Handler $function $contextJson $payloadJson $assignment.outputBytes
    $parts = [System.Text.Encoding]::UTF8.GetBytes($output), (Read-Printed $stdout $assignment.logBytes), (Read-Printed $stderr $assignment.logBytes)
    Send-Frame $engine ($result + @{ type = 'result'; id = $frame.header.id }) $parts
}
exit 0
