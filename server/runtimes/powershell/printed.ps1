# Reads what this process and its child processes have printed: the files behind file descriptors 1 and 2, which the launcher made.

function Open-Printed([int] $Descriptor) {
    return [System.IO.FileStream]::new("/proc/self/fd/$Descriptor", 'Open', 'ReadWrite', 'ReadWrite', 1)
}

# While the launcher cuts a flood the file may be executed, and may become longer again.
function Clear-Printed($File) {
    if ($File.Length -eq 0) { return }
    do { $File.SetLength(0) }
    while ([System.IO.File]::GetUnixFileMode($File.SafeFileHandle) -band [System.IO.UnixFileMode]::UserExecute)
}

# One byte more than the limit at most, so that the server sees the excess.
function Read-Printed($File, [int] $LimitBytes) {
    $bytes = [byte[]]::new([System.Math]::Min($File.Length, $LimitBytes + 1))
    $File.Position = 0
    $File.ReadExactly($bytes, 0, $bytes.Length)
    Clear-Printed $File
    return , $bytes
}
