using System.Globalization;
using System.Text;

namespace VClusterManager.Sandbox.Containers.Programs;

/// <summary>The programs that look at files and change them.</summary>
internal static class FilePrograms
{
    private const string Missing = "No such file or directory";

    public static async Task<int> CatAsync(ProgramCall call)
    {
        var code = 0;
        foreach (var name in call.Operands.DefaultIfEmpty("-"))
        {
            if (name == "-")
            {
                await call.Io.In.CopyToAsync(call.Io.Out, call.Cancel);
                continue;
            }

            code = Math.Max(code, await PrintFileAsync(call, name, content => content));
        }

        return code;
    }

    public static async Task<int> HeadAsync(ProgramCall call)
    {
        const int usual = 10;
        var at = call.Words.ToList().IndexOf("-n");
        var count =
            at > 0 && int.TryParse(call.Words.ElementAtOrDefault(at + 1), CultureInfo.InvariantCulture, out var asked)
                ? asked
                : usual;
        var code = 0;
        foreach (var name in call.Words.Skip(at > 0 ? at + 2 : 1))
        {
            code = Math.Max(code, await PrintFileAsync(call, name, content => FirstLines(content, count)));
        }

        return code;
    }

    public static async Task<int> ListAsync(ProgramCall call)
    {
        var code = 0;
        foreach (var name in call.Operands.DefaultIfEmpty("."))
        {
            var path = call.Absolute(name);
            if (call.Files.Find(path) is not { } entry)
            {
                code = await call.FailAsync($"{name}: {Missing}");
                continue;
            }

            var names = entry.IsDirectory ? call.Files.Names(path) : [name];
            await call.PrintAsync(string.Concat(names.Select(one => one + "\n")));
        }

        return code;
    }

    public static Task<int> MakeDirectoryAsync(ProgramCall call)
    {
        var parents = call.Flags.Contains("-p");
        return EachAsync(
            call,
            name =>
            {
                var path = call.Absolute(name);
                return !parents && call.Files.Find(path) is not null ? $"can't create directory '{name}': File exists"
                    : !parents && !call.Files.IsDirectory(call.Absolute(name + "/.."))
                        ? $"can't create directory '{name}': {Missing}"
                    : call.Files.MakeDirectory(path) ? null
                    : $"can't create directory '{name}': Not a directory";
            }
        );
    }

    public static Task<int> TouchAsync(ProgramCall call) =>
        EachAsync(
            call,
            name =>
            {
                var path = call.Absolute(name);
                return call.Files.IsDirectory(path) || call.Files.Write(path, call.Files.Find(path)?.Content ?? default)
                    ? null
                    : $"{name}: {Missing}";
            }
        );

    public static Task<int> RemoveAsync(ProgramCall call)
    {
        var flags = string.Concat(call.Flags);
        return EachAsync(
            call,
            name =>
            {
                var path = call.Absolute(name);
                return call.Files.IsDirectory(path) && !flags.Contains('r', StringComparison.Ordinal)
                        ? $"'{name}' is a directory"
                    : call.Files.Remove(path) || flags.Contains('f', StringComparison.Ordinal) ? null
                    : $"can't remove '{name}': {Missing}";
            }
        );
    }

    /// <summary><c>test</c> and <c>[</c>: of a file, of a string, or of two strings.</summary>
    public static Task<int> TestAsync(ProgramCall call)
    {
        string[] words = [.. call.Words.Skip(1)];
        if (call.Name == "[" && words is [.. var inside, "]"])
        {
            words = inside;
        }

        var holds = words switch
        {
            ["-d", var path] => call.Files.IsDirectory(call.Absolute(path)),
            ["-f", var path] => call.Files.Find(call.Absolute(path)) is { IsDirectory: false },
            ["-e", var path] => call.Files.Find(call.Absolute(path)) is not null,
            ["-s", var path] => call.Files.Find(call.Absolute(path)) is { Content.Length: > 0 },
            ["-n", var text] => text.Length > 0,
            ["-z", var text] => text.Length == 0,
            [var left, "=" or "==", var right] => left == right,
            [var left, "!=", var right] => left != right,
            [var text] => text.Length > 0,
            _ => false,
        };
        return Task.FromResult(holds ? 0 : 1);
    }

    private static async Task<int> PrintFileAsync(
        ProgramCall call,
        string name,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> choose
    )
    {
        switch (call.Files.Find(call.Absolute(name)))
        {
            case null:
                return await call.FailAsync($"can't open '{name}': {Missing}");
            case { IsDirectory: true }:
                return await call.FailAsync("read error: Is a directory");
            case { } file:
                await call.Io.Out.WriteAsync(choose(file.Content), call.Cancel);
                return 0;
        }
    }

    private static ReadOnlyMemory<byte> FirstLines(ReadOnlyMemory<byte> content, int count)
    {
        var lines = Encoding.UTF8.GetString(content.Span).Split('\n');
        return lines.Length <= count ? content : Encoding.UTF8.GetBytes(string.Join('\n', lines.Take(count)) + "\n");
    }

    private static async Task<int> EachAsync(ProgramCall call, Func<string, string?> act)
    {
        var code = 0;
        foreach (var name in call.Operands)
        {
            if (act(name) is { } error)
            {
                code = await call.FailAsync(error);
            }
        }

        return code;
    }
}
