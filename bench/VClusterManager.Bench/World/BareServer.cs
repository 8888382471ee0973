namespace VClusterManager.Bench.World;

/// <summary>Kestrel with nothing on it, as a process of its own.</summary>
internal sealed class BareServer(string executable, string folder, int port, (byte[] Bytes, string Type)? answer)
    : WebProcess(port, "/")
{
    protected override ProgramProcess Launch()
    {
        var file = Path.Combine(folder, "answer");
        if (answer is { } given)
        {
            File.WriteAllBytes(file, given.Bytes);
        }

        string[] more = answer is null ? [] : [file, answer.Value.Type];
        return ProgramProcess.Start(executable, [$"{Port}", .. more], folder);
    }
}
