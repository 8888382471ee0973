namespace VCluster.StandIn.Verbs;

/// <summary>The command that was run inside a virtual cluster ended so; it has said why itself.</summary>
internal sealed class CommandFailedException(int exitCode) : Exception
{
    public int ExitCode => exitCode;
}
