# Speaks the frame format (described in the server's engine/frames.ts) over unix sockets.

function Connect-Socket([string] $Path) {
    $socket = [System.Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
    $socket.Connect([System.Net.Sockets.UnixDomainSocketEndPoint]::new($Path))
    return $socket
}

# Length of what follows, length of the header, the header as JSON, then the parts as they are.
function Send-Frame($Socket, [hashtable] $Header, [byte[][]] $Parts = @()) {
    $sizes = [System.Collections.Generic.List[int]]::new()
    foreach ($part in $Parts) { $sizes.Add($part.Length) }
    $Header.parts = $sizes.ToArray()
    $text = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Header -Compress -Depth 5))
    $length = 4 + $text.Length
    foreach ($size in $sizes) { $length += $size }
    Send-Bytes $Socket (ConvertTo-BigEndian $length)
    Send-Bytes $Socket (ConvertTo-BigEndian $text.Length)
    Send-Bytes $Socket $text
    foreach ($part in $Parts) { Send-Bytes $Socket $part }
}

# Waits for a frame; $null when the other side has hung up.
function Read-Frame($Socket) {
    $start = Read-Bytes $Socket 8
    if ($null -eq $start) { return $null }
    $length = ConvertFrom-BigEndian $start 0
    $headerLength = ConvertFrom-BigEndian $start 4
    $body = Read-Bytes $Socket ($length - 4)
    if ($null -eq $body) { return $null }
    $header = ConvertFrom-Json ([System.Text.Encoding]::UTF8.GetString($body, 0, $headerLength)) -AsHashtable
    $texts = [System.Collections.Generic.List[string]]::new()
    $at = $headerLength
    foreach ($size in $header.parts) {
        $texts.Add([System.Text.Encoding]::UTF8.GetString($body, $at, $size))
        $at += $size
    }
    return @{ header = $header; texts = $texts.ToArray() }
}

function Send-Bytes($Socket, [byte[]] $Bytes) {
    for ($sent = 0; $sent -lt $Bytes.Length) {
        $sent += $Socket.Send($Bytes, $sent, $Bytes.Length - $sent, 'None')
    }
}

# The comma keeps PowerShell from taking the bytes apart.
function Read-Bytes($Socket, [int] $Count) {
    $bytes = [byte[]]::new($Count)
    for ($read = 0; $read -lt $Count) {
        $more = $Socket.Receive($bytes, $read, $Count - $read, 'None')
        if ($more -eq 0) { return $null }
        $read += $more
    }
    return , $bytes
}

function ConvertTo-BigEndian([int] $Number) {
    return , [System.BitConverter]::GetBytes([System.Net.IPAddress]::HostToNetworkOrder($Number))
}

function ConvertFrom-BigEndian([byte[]] $Bytes, [int] $At) {
    return [System.Net.IPAddress]::NetworkToHostOrder([System.BitConverter]::ToInt32($Bytes, $At))
}
