using System.Diagnostics;

namespace VClusterManager.Sandbox.Tests.Clients;

/// <summary>How a run of a real client ended.</summary>
internal sealed record ToolOutcome(string Command, int Code, string Out, string Error)
{
    public ToolOutcome ShouldSucceed()
    {
        Code.ShouldBe(0, $"{Command}\n{Out}\n{Error}");
        return this;
    }

    public ToolOutcome ShouldFail(int code = 1)
    {
        Code.ShouldBe(code, $"{Command}\n{Out}\n{Error}");
        return this;
    }

    /// <summary>The cells of a table that it printed, row by row, the titles first.</summary>
    public string[][] Rows =>
        [
            .. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line =>
                    line.Split(
                        (string[])["   ", "\t"],
                        StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                    )
                ),
        ];
}

/// <summary>One run of a real client: kubectl, helm or helm3 as the tools script has brought them in.</summary>
internal sealed class Tool : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Folder = FindFolder();

    private readonly Process _process;
    private readonly string _command;

    private Tool(Process process, string command)
    {
        _process = process;
        _command = command;
    }

    public StreamReader Out => _process.StandardOutput;

    public static Tool Start(string name, IEnumerable<string> arguments, string home, string kubeconfig, string? input)
    {
        var file = Path.Combine(Folder, name, name);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"{file} is not there: ./eng/tools.sh brings it in");
        }

        string[] words = [.. arguments];
        var start = new ProcessStartInfo(file, words)
        {
            UseShellExecute = false,
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["HOME"] = home;
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["PATH"] = "/usr/bin:/bin";
        var process = Process.Start(start)!;
        if (input is not null)
        {
            process.StandardInput.Write(input);
        }

        process.StandardInput.Close();
        return new Tool(process, $"{name} {string.Join(' ', words)}");
    }

    public async Task<ToolOutcome> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var output = _process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = _process.StandardError.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return new ToolOutcome(_command, _process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VClusterManager.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? "", ".cache", "tools");
    }
}
