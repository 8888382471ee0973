using System.Globalization;
using System.Text;

namespace VClusterManager.Sandbox.Containers.Programs;

/// <summary>
/// A small <c>sh</c>: commands one after the other, <c>&amp;&amp;</c>, <c>||</c>, pipes, output into files, variables,
/// <c>cd</c> and <c>exit</c>. No loops and no functions: what is no program is not found.
/// </summary>
internal sealed class Shell(ProgramCall call)
{
    private const int NotFound = 127;

    private readonly Dictionary<string, string> _variables = new(call.Container.Environment, StringComparer.Ordinal);
    private string _directory = call.Directory;
    private int _last;
    private bool _exited;

    /// <summary>Where a person types, a prompt stands before each line.</summary>
    private string Prompt => call.Io.IsTerminal ? $"{_directory} # " : "";

    public static Task<int> RunAsync(ProgramCall call)
    {
        var shell = new Shell(call);
        var at = call.Words.ToList().IndexOf("-c");
        return at > 0 && at + 1 < call.Words.Count ? shell.RunScriptAsync(call.Words[at + 1]) : shell.InteractAsync();
    }

    private async Task<int> InteractAsync()
    {
        using var input = new StreamReader(call.Io.In, leaveOpen: true);
        await call.PrintAsync(Prompt);
        while (!_exited && await input.ReadLineAsync(call.Cancel) is { } line)
        {
            await RunScriptAsync(line);
            if (!_exited)
            {
                await call.PrintAsync(Prompt);
            }
        }

        return _last;
    }

    /// <summary>Runs command after command; after <c>&amp;&amp;</c> and <c>||</c> only when the one before went so.</summary>
    private async Task<int> RunScriptAsync(string script)
    {
        var pipeline = new List<List<Token>> { new() };
        var before = ";";
        foreach (var token in ShellSyntax.Read(script).Append(new Token([], ";")))
        {
            switch (token.Operator)
            {
                case "|":
                    pipeline.Add([]);
                    break;
                case ";" or "\n" or "&&" or "||":
                    if (
                        pipeline[0].Count > 0
                        && !_exited
                        && !(before == "&&" && _last != 0)
                        && !(before == "||" && _last == 0)
                    )
                    {
                        _last = await RunPipelineAsync(pipeline);
                    }

                    before = token.Operator;
                    pipeline =
                    [
                        [],
                    ];
                    break;
                default:
                    pipeline[^1].Add(token);
                    break;
            }
        }

        return _last;
    }

    /// <summary>Each command of a pipe runs when the one before has ended: what they do here is short.</summary>
    private async Task<int> RunPipelineAsync(List<List<Token>> commands)
    {
        var input = call.Io.In;
        foreach (var command in commands.SkipLast(1))
        {
            var output = new MemoryStream();
            await RunCommandAsync(command, call.Io with { In = input, Out = output });
            output.Position = 0;
            input = output;
        }

        return await RunCommandAsync(commands[^1], call.Io with { In = input });
    }

    private async Task<int> RunCommandAsync(List<Token> tokens, Standard io)
    {
        var words = new List<string>();
        var files = new List<(string Path, bool Append, MemoryStream Content)>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Operator == "2>&1")
            {
                io = io with { Error = io.Out };
            }
            else if (tokens[i].Operator is ">&2" or "1>&2")
            {
                io = io with { Out = io.Error };
            }
            else if (tokens[i].Operator.Length > 0)
            {
                var path = FileTree.Absolute(i + 1 < tokens.Count ? Expand(tokens[i + 1]) : "", _directory);
                var content = new MemoryStream();
                files.Add((path, tokens[i].Operator == ">>", content));
                io = tokens[i].Operator == "2>" ? io with { Error = content } : io with { Out = content };
                i++;
            }
            else
            {
                words.Add(Expand(tokens[i]));
            }
        }

        var code = words.Count == 0 ? 0 : await RunAsync(words, io);
        foreach (var (path, append, content) in files)
        {
            code = await SaveAsync(path, append, content.ToArray()) ? code : 1;
        }

        return code;
    }

    private Task<int> RunAsync(List<string> words, Standard io)
    {
        switch (words)
        {
            case ["exit", ..]:
                _exited = true;
                var given = int.TryParse(words.ElementAtOrDefault(1), CultureInfo.InvariantCulture, out var code);
                return Task.FromResult(given ? code : _last);
            case ["cd", ..]:
                return ChangeDirectoryAsync(words.ElementAtOrDefault(1) ?? "/");
            case [":"]:
                return Task.FromResult(0);
            case [var name, ..] when ProgramTable.Find(name) is { } program:
                return program(call with { Words = words, Io = io, Directory = _directory });
            default:
                return ComplainAsync(io, $"{words[0]}: not found", NotFound);
        }
    }

    private async Task<int> ChangeDirectoryAsync(string name)
    {
        var path = FileTree.Absolute(name, _directory);
        if (!call.Files.IsDirectory(path))
        {
            return await ComplainAsync(call.Io, $"cd: can't cd to {name}: No such file or directory", 1);
        }

        _directory = path;
        return 0;
    }

    private async Task<bool> SaveAsync(string path, bool append, byte[] content)
    {
        var before = append ? call.Files.Find(path)?.Content ?? default : default;
        if (path == "/dev/null" || call.Files.Write(path, (byte[])[.. before.Span, .. content]))
        {
            return true;
        }

        await ComplainAsync(call.Io, $"can't create {path}: nonexistent directory", 1);
        return false;
    }

    private async Task<int> ComplainAsync(Standard io, string text, int code)
    {
        await io.ComplainAsync($"sh: {text}\n", call.Cancel);
        return code;
    }

    private string Expand(Token token)
    {
        var text = new StringBuilder();
        foreach (var part in token.Parts)
        {
            text.Append(
                !part.IsVariable ? part.Text
                : part.Text == "?" ? _last.ToString(CultureInfo.InvariantCulture)
                : _variables.GetValueOrDefault(part.Text)
            );
        }

        return text.ToString();
    }
}
