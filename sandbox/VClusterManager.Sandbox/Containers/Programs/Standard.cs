using System.Text;

namespace VClusterManager.Sandbox.Containers.Programs;

/// <summary>A program's standard streams, and whether a person sits at the other end of them.</summary>
internal sealed record Standard(Stream In, Stream Out, Stream Error, bool IsTerminal = false)
{
    public async Task PrintAsync(string text, CancellationToken cancel) =>
        await Out.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);

    public async Task ComplainAsync(string text, CancellationToken cancel) =>
        await Error.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
}

/// <summary>One run of a program: its name and arguments, its streams, and where in which container it works.</summary>
internal sealed record ProgramCall(
    IReadOnlyList<string> Words,
    Standard Io,
    RunningContainer Container,
    string Directory,
    CancellationToken Cancel
)
{
    public string Name => Words[0];

    public IEnumerable<string> Flags =>
        Words.Skip(1).Where(word => word.Length > 1 && word.StartsWith('-') && word != "--");

    public IReadOnlyList<string> Operands => [.. Words.Skip(1).Where(word => word == "-" || !word.StartsWith('-'))];

    public FileTree Files => Container.Files;

    public string Absolute(string path) => FileTree.Absolute(path, Directory);

    public async Task<int> PrintAsync(string text)
    {
        await Io.PrintAsync(text, Cancel);
        return 0;
    }

    /// <summary>Says what is wrong, in the program's name, and fails.</summary>
    public async Task<int> FailAsync(string text, int code = 1)
    {
        await Io.ComplainAsync($"{Name}: {text}\n", Cancel);
        return code;
    }
}
