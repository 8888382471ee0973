using System.Globalization;

namespace VClusterManager.Sandbox.Containers.Programs;

/// <summary>
/// The programs that every emulated container has, whatever its image: the few that people and tools run to look
/// around, to copy files and to see that they got in.
/// </summary>
internal static class ProgramTable
{
    private static readonly Dictionary<string, Func<ProgramCall, Task<int>>> Programs = new(StringComparer.Ordinal)
    {
        ["true"] = _ => Task.FromResult(0),
        ["false"] = _ => Task.FromResult(1),
        ["echo"] = EchoAsync,
        ["hostname"] = call => call.PrintAsync(call.Container.HostName + "\n"),
        ["whoami"] = call => call.PrintAsync("root\n"),
        ["pwd"] = call => call.PrintAsync(call.Directory + "\n"),
        ["date"] = call => call.PrintAsync(Date(call.Container.Time.GetUtcNow()) + "\n"),
        ["env"] = call => call.PrintAsync(string.Concat(call.Container.Environment.Select(Line))),
        ["printenv"] = PrintEnvironmentAsync,
        ["sleep"] = SleepAsync,
        ["cat"] = FilePrograms.CatAsync,
        ["head"] = FilePrograms.HeadAsync,
        ["ls"] = FilePrograms.ListAsync,
        ["mkdir"] = FilePrograms.MakeDirectoryAsync,
        ["touch"] = FilePrograms.TouchAsync,
        ["rm"] = FilePrograms.RemoveAsync,
        ["test"] = FilePrograms.TestAsync,
        ["["] = FilePrograms.TestAsync,
        ["tar"] = TarProgram.RunAsync,
        ["sh"] = Shell.RunAsync,
        ["bash"] = Shell.RunAsync,
    };

    /// <summary>A program by name or full path; null where there is none.</summary>
    public static Func<ProgramCall, Task<int>>? Find(string name)
    {
        foreach (var folder in (string[])["/bin/", "/usr/bin/", "/usr/local/bin/"])
        {
            if (name.StartsWith(folder, StringComparison.Ordinal))
            {
                name = name[folder.Length..];
            }
        }

        return Programs.GetValueOrDefault(name);
    }

    private static Task<int> EchoAsync(ProgramCall call)
    {
        var bare = call.Words.ElementAtOrDefault(1) == "-n";
        return call.PrintAsync(string.Join(' ', call.Words.Skip(bare ? 2 : 1)) + (bare ? "" : "\n"));
    }

    private static Task<int> PrintEnvironmentAsync(ProgramCall call)
    {
        var wanted = call.Operands;
        var chosen = wanted
            .Select(name => call.Container.Environment.GetValueOrDefault(name))
            .OfType<string>()
            .ToList();
        return wanted.Count == 0 ? call.PrintAsync(string.Concat(call.Container.Environment.Select(Line)))
            : chosen.Count < wanted.Count ? Task.FromResult(1)
            : call.PrintAsync(string.Concat(chosen.Select(value => value + "\n")));
    }

    private static async Task<int> SleepAsync(ProgramCall call)
    {
        var text = call.Operands is [var first, ..] ? first : "";
        if (text == "infinity")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, call.Container.Time, call.Cancel);
        }

        if (
            !double.TryParse(
                text.TrimEnd('s'),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var span
            )
        )
        {
            return await call.FailAsync($"invalid time interval '{text}'");
        }

        await Task.Delay(TimeSpan.FromSeconds(span), call.Container.Time, call.Cancel);
        return 0;
    }

    private static string Line(KeyValuePair<string, string> variable) => $"{variable.Key}={variable.Value}\n";

    private static string Date(DateTimeOffset time) =>
        time.UtcDateTime.ToString("ddd MMM d HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture);
}
