using VClusterManager.Sandbox.Containers.Programs;

namespace VClusterManager.Sandbox.Api.Exec;

/// <summary>Which of a command's streams the client wants.</summary>
internal sealed record StreamOptions(bool In, bool Out, bool Error, bool Terminal)
{
    /// <summary>The lowest channel that the client reads.</summary>
    public byte First => Out ? ExecChannels.Stdout : ExecChannels.Stderr;

    public static StreamOptions Of(ResourceRequest request)
    {
        var (stdin, stdout) = (IsSet(request, "stdin"), IsSet(request, "stdout"));
        var (stderr, terminal) = (IsSet(request, "stderr"), IsSet(request, "tty"));
        if (!stdin && !stdout && !stderr)
        {
            throw Refusals.BadRequest("you must specify at least 1 of stdin, stdout, stderr");
        }

        if (terminal && stderr)
        {
            throw Refusals.BadRequest("tty and stderr cannot both be true");
        }

        if (request.Info.Subresource == "exec" && request.Query["command"].Count == 0)
        {
            throw Refusals.BadRequest("you must specify at least 1 command");
        }

        return new StreamOptions(stdin, stdout, stderr, terminal);
    }

    /// <summary>At a terminal there is one output for both.</summary>
    public Standard Connect(ExecChannels channels)
    {
        var output = Out ? channels.Output(ExecChannels.Stdout) : Stream.Null;
        var error =
            Terminal ? output
            : Error ? channels.Output(ExecChannels.Stderr)
            : Stream.Null;
        return new Standard(In ? channels.Input : Stream.Null, output, error, Terminal);
    }

    private static bool IsSet(ResourceRequest request, string name) => request.Query[name].ToString() is "true" or "1";
}
