namespace VCluster.StandIn.CommandLine;

internal enum FlagKind
{
    Switch,
    Text,
    Number,
    Many,
}

/// <summary>One flag that a verb takes, with what it is when it is not given, and whether it is for the platform alone.</summary>
internal sealed record Flag(string Name, char? Letter, FlagKind Kind, string Default = "", bool IsForPlatform = false)
{
    /// <summary>How errors name it.</summary>
    public string Shown => Letter is { } letter ? $"-{letter}, --{Name}" : $"--{Name}";
}
