using System.Text;

namespace VCluster.StandIn.Terminal;

/// <summary>How much is said: everything, all but debug, only what goes to stderr, or only why it ends.</summary>
internal enum Loudness
{
    Fatal,
    Problems,
    Normal,
    Debug,
}

/// <summary>
/// The lines of the CLI: <c>HH:MM:SS level text</c> with colour codes, whether there is a terminal or not. Info, done
/// and debug go to stdout, the others to stderr.
/// </summary>
internal sealed class Log(Stream stdout, Stream stderr, TimeProvider clock, Loudness loudness)
{
    /// <summary>The same log, but with nothing on stdout: for verbs whose stdout is data.</summary>
    public Log ProblemsOnly() =>
        loudness > Loudness.Problems ? new Log(stdout, stderr, clock, Loudness.Problems) : this;

    public bool IsDebug => loudness == Loudness.Debug;

    public void Debug(string text) => Line(Loudness.Debug, stdout, 32, "debug", text);

    public void Info(string text) => Line(Loudness.Normal, stdout, 36, "info", text);

    public void Done(string text) => Line(Loudness.Normal, stdout, 32, "done", text);

    public void Warn(string text) => Line(Loudness.Problems, stderr, 31, "warn", text);

    public void Error(string text) => Line(Loudness.Problems, stderr, 31, "error", text);

    public void Fatal(string text) => Line(Loudness.Fatal, stderr, 31, "fatal", text);

    /// <summary>Text without time and level, silenced like info.</summary>
    public void Plain(string text)
    {
        if (loudness >= Loudness.Normal)
        {
            Write(stdout, text);
        }
    }

    /// <summary>Data on stdout, whatever the loudness.</summary>
    public void Data(string text) => Write(stdout, text);

    private void Line(Loudness least, Stream stream, int color, string level, string text)
    {
        if (loudness >= least)
        {
            var time = clock.GetUtcNow().ToString("HH':'mm':'ss");
            Write(stream, $"\e[0;1;37m{time} \e[0m\e[0;1;{color}m{level} \e[0m{text}\n");
        }
    }

    private static void Write(Stream stream, string text)
    {
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush();
    }
}
