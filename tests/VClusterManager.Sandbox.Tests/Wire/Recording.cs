using System.Globalization;
using System.Text;

namespace VClusterManager.Sandbox.Tests.Wire;

/// <summary>One exchange with the real server: a curl command, and what came back.</summary>
internal sealed record Recording(
    string File,
    string Title,
    IReadOnlyList<string> Arguments,
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    string Body
)
{
    public static string Folder { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Wire", "Recordings");

    public string Method => Option("-X") ?? "GET";

    /// <summary>Path and query, without the server.</summary>
    public string Path =>
        Arguments.FirstOrDefault(argument => argument.StartsWith("$API", StringComparison.Ordinal))?["$API".Length..]
        ?? "/api/v1/namespaces";

    public string? Data => Option("-d");

    public bool IsWatch => Path.Contains("watch=true", StringComparison.Ordinal);

    public IEnumerable<(string Name, string Value)> RequestHeaders =>
        Arguments
            .Zip(Arguments.Skip(1))
            .Where(pair => pair.First == "-H")
            .Select(pair => pair.Second.Split(':', 2))
            .Select(parts => (parts[0], parts[1].Trim()));

    public static IReadOnlyList<Recording> Read(string file)
    {
        var text = System.IO.File.ReadAllText(System.IO.Path.Combine(Folder, file + ".txt"));
        return [.. text.Split("## ", StringSplitOptions.RemoveEmptyEntries).Select(section => Parse(file, section))];
    }

    private static Recording Parse(string file, string section)
    {
        var lines = section.Split('\n');
        var at = 1;
        IReadOnlyList<string> arguments = [];
        if (lines[at].StartsWith("$ curl ", StringComparison.Ordinal))
        {
            arguments = Words(lines[at]["$ curl ".Length..]);
            at++;
        }

        var status = int.Parse(lines[at++].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (; lines[at].Length > 0; at++)
        {
            var parts = lines[at].Split(": ", 2);
            headers[parts[0]] = parts[1];
        }

        var body = string.Join('\n', lines.Skip(at + 1)).TrimEnd('\n');
        return new Recording(file, lines[0], arguments, status, headers, body);
    }

    /// <summary>Takes a command line apart as a shell does: backslashes and single quotes.</summary>
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '\'':
                    quoted = !quoted;
                    break;
                case '\\' when !quoted:
                    word.Append(line[++i]);
                    break;
                case ' ' when !quoted:
                    Flush();
                    break;
                default:
                    word.Append(line[i]);
                    break;
            }
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    private string? Option(string name)
    {
        var at = Arguments.ToList().IndexOf(name);
        return at < 0 ? null : Arguments[at + 1];
    }
}
