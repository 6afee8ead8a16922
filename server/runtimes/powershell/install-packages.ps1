# Installs from the gallery what a requirements.psd1 names: Module = 'version', 'latest' for the newest, or @{ Version = 'version' }.
param([string] $Path)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$wanted = Import-PowerShellDataFile -LiteralPath $Path
foreach ($name in $wanted.Keys | Where-Object { $_ -ne 'PSDependOptions' } | Sort-Object) {
    $version = if ($wanted[$name] -is [hashtable]) { $wanted[$name].Version } else { $wanted[$name] }
    $options = if ($version -and $version -ne 'latest') { @{ Version = $version } } else { @{} }
    Write-Host "Installing $name $version"
    Install-PSResource -Name $name -Scope AllUsers -TrustRepository @options
}
