using System.Text.Json;
using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>Reads one endpoint, and holds it to the rules that join its fields.</summary>
internal sealed partial class EndpointReader(Fields fields, RawMap map, IReadOnlyCollection<string> commands)
{
    public const int DefaultMaxOutput = 1024 * 1024;

    private const long MostOutput = 64 * 1024 * 1024;
    private const int MostConcurrency = 100;

    private static readonly Dictionary<string, string> s_methods = new()
    {
        ["GET"] = "GET",
        ["POST"] = "POST",
        ["PUT"] = "PUT",
        ["PATCH"] = "PATCH",
        ["DELETE"] = "DELETE",
    };

    private static readonly Dictionary<string, EndpointTarget> s_targets = new()
    {
        ["host"] = EndpointTarget.Host,
        ["cluster"] = EndpointTarget.Cluster,
    };

    private static readonly Dictionary<string, EndpointOutput> s_outputs = new()
    {
        ["text"] = EndpointOutput.Text,
        ["json"] = EndpointOutput.Json,
        ["stream"] = EndpointOutput.Stream,
    };

    private static readonly Dictionary<string, Role> s_roles = Enum.GetValues<Role>().ToDictionary(r => r.ToWord());

    /// <returns>It is of use only where no error was found.</returns>
    public EndpointDefinition Read()
    {
        var written = ParameterReader.Read(fields);
        var command = fields.Text("command", required: true) ?? "";
        var arguments = new ArgumentReader(written, fields.Errors).Read(fields);
        var stdin = fields.Text("stdin", most: 64 * 1024);
        var output = fields.Choice("output", EndpointOutput.Text, s_outputs);
        var endpoint = new EndpointDefinition
        {
            Name = fields.Text("name", required: true) ?? "",
            Description = fields.Text("description", required: true) ?? "",
            Method = fields.Choice("method", "GET", s_methods),
            Path = fields.Text("path", required: true) ?? "",
            Command = command,
            Arguments = [.. arguments.Select(a => a.Planned)],
            Parameters = [.. written.Select(p => p.Definition)],
            StdinIsBody = stdin == "body",
            Stdin = stdin is null or "body" ? null : ReadStdin(stdin),
            Target = fields.Choice("target", EndpointTarget.Host, s_targets),
            Role = fields.Choice("role", Role.Admin, s_roles),
            Timeout =
                fields.Duration("timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? TimeSpan.FromSeconds(30),
            Output = output,
            Cache = fields.Duration("cache", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            MaxOutput = ReadSize() ?? (output == EndpointOutput.Stream ? null : DefaultMaxOutput),
            Concurrency = (int?)fields.Number("concurrency", 1, MostConcurrency) ?? 4,
            Rate = ReadRate(),
            BoundBy = fields.Text("bound_by"),
            Fingerprint = Canonical(map),
        };
        fields.End();
        WrittenArguments inOrder = new(arguments, endpoint.Parameter);
        ArgumentRules rules = new(command, inOrder, endpoint.Parameter, fields.Errors);
        rules.Check();
        new EndpointRules(endpoint, written, inOrder, commands, rules.Changes(), fields).Check();
        return endpoint;
    }

    /// <summary>The words as they were written, without comments, order of lines and kinds of quotes.</summary>
    private static string Canonical(RawNode node) =>
        node switch
        {
            RawMap m => $"{{{string.Join(',', m.Entries.Select(e => $"{Quoted(e.Key)}:{Canonical(e.Value)}"))}}}",
            RawList list => $"[{string.Join(',', list.Items.Select(Canonical))}]",
            RawScalar scalar => $"{scalar.Kind}{Quoted(scalar.Text)}",
            _ => "",
        };

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private TextTemplate? ReadStdin(string written)
    {
        if (TextTemplate.Parse(written, out var problem) is { } template)
        {
            return template;
        }

        fields.Fail("stdin", problem);
        return null;
    }

    private EndpointRate? ReadRate()
    {
        if (fields.Text("rate") is not { } text)
        {
            return null;
        }

        if (RateText().Match(text) is { Success: true } match)
        {
            var period = match.Groups["unit"].Value switch
            {
                "s" => TimeSpan.FromSeconds(1),
                "m" => TimeSpan.FromMinutes(1),
                _ => TimeSpan.FromHours(1),
            };
            return new EndpointRate(int.Parse(match.Groups["number"].ValueSpan), period);
        }

        fields.Fail("rate", "must be a number by second, minute or hour, such as 10/s, 60/m or 100/h");
        return null;
    }

    private long? ReadSize()
    {
        if (fields.Text("max_output") is not { } text)
        {
            return null;
        }

        if (SizeText().Match(text) is { Success: true } match)
        {
            var unit = match.Groups["unit"].Value switch
            {
                "MiB" => 1024 * 1024L,
                "KiB" => 1024L,
                _ => 1L,
            };
            var size = long.Parse(match.Groups["number"].ValueSpan) * unit;
            if (size is > 0 and <= MostOutput)
            {
                return size;
            }
        }

        fields.Fail("max_output", "must be a number of bytes, or a size such as 512KiB or 4MiB, at most 64MiB");
        return null;
    }

    [GeneratedRegex(@"\A(?<number>[1-9][0-9]{0,5})/(?<unit>[smh])\z", RegexOptions.NonBacktracking)]
    private static partial Regex RateText();

    [GeneratedRegex(@"\A(?<number>[0-9]{1,9})(?<unit>KiB|MiB)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex SizeText();
}
