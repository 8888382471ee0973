namespace VCluster.StandIn.CommandLine;

/// <summary>A command line that cannot be understood; the message is what is printed.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What a command line said: names, flags, and what stood behind <c>--</c>.</summary>
internal sealed class ParsedArguments(IEnumerable<Flag> flags)
{
    private readonly Dictionary<string, Flag> _flags = flags.ToDictionary(flag => flag.Name);
    private readonly Dictionary<string, List<string>> _given = [];

    /// <summary>Everything that is not a flag, in order, with what follows <c>--</c>.</summary>
    public List<string> Names { get; } = [];

    /// <summary>How many of <see cref="Names"/> stood before <c>--</c>; -1 when there was none.</summary>
    public int DashAt { get; private set; } = -1;

    /// <summary>A flag that was given and that only a platform can do something with; null when there was none.</summary>
    public string? PlatformFlag => _given.Keys.FirstOrDefault(name => _flags[name].IsForPlatform);

    public string Text(string name) => _given.TryGetValue(name, out var values) ? values[^1] : _flags[name].Default;

    public bool IsSet(string name) => Text(name) == "true";

    /// <summary>Whether the verb has such a flag at all.</summary>
    public bool Knows(string name) => _flags.ContainsKey(name);

    public IReadOnlyList<string> All(string name) => _given.TryGetValue(name, out var values) ? values : [];

    public int Number(string name) => int.TryParse(Text(name), out var number) ? number : 0;

    /// <exception cref="UsageException">A flag is unknown, or its value is missing or wrong.</exception>
    public static ParsedArguments Parse(IEnumerable<Flag> flags, IReadOnlyList<string> arguments)
    {
        var parsed = new ParsedArguments(flags);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (parsed.DashAt >= 0 || argument == "-" || !argument.StartsWith('-'))
            {
                parsed.Names.Add(argument);
            }
            else if (argument == "--")
            {
                parsed.DashAt = parsed.Names.Count;
            }
            else
            {
                i = argument.StartsWith("--", StringComparison.Ordinal)
                    ? parsed.TakeLong(arguments, i)
                    : parsed.TakeShort(arguments, i);
            }
        }

        return parsed;
    }

    private int TakeLong(IReadOnlyList<string> arguments, int at)
    {
        var (name, value) = arguments[at][2..].Split('=', 2) is [var left, var right]
            ? (left, right)
            : (arguments[at][2..], null);
        if (name.Length == 0 || name[0] is '-' or '=')
        {
            throw new UsageException($"bad flag syntax: {arguments[at]}");
        }

        if (!_flags.TryGetValue(name, out var flag))
        {
            throw new UsageException($"unknown flag: --{name}");
        }

        if (value is null && flag.Kind != FlagKind.Switch && ++at >= arguments.Count)
        {
            throw new UsageException($"flag needs an argument: --{name}");
        }

        Set(flag, value ?? (flag.Kind == FlagKind.Switch ? "true" : arguments[at]));
        return at;
    }

    private int TakeShort(IReadOnlyList<string> arguments, int at)
    {
        var letters = arguments[at];
        for (var i = 1; i < letters.Length; i++)
        {
            var letter = letters[i];
            var flag =
                _flags.Values.FirstOrDefault(known => known.Letter == letter)
                ?? throw new UsageException($"unknown shorthand flag: '{letter}' in -{letters[i..]}");
            if (flag.Kind == FlagKind.Switch && (i + 1 >= letters.Length || letters[i + 1] != '='))
            {
                Set(flag, "true");
                continue;
            }

            var rest = letters[(i + 1)..].TrimStart('=');
            if (rest.Length == 0 && ++at >= arguments.Count)
            {
                throw new UsageException($"flag needs an argument: '{letter}' in -{letters[i..]}");
            }

            Set(flag, rest.Length > 0 ? rest : arguments[at]);
            break;
        }

        return at;
    }

    private void Set(Flag flag, string value)
    {
        var wrong = flag.Kind switch
        {
            FlagKind.Switch when Bool(value) is null => "strconv.ParseBool",
            FlagKind.Number when !long.TryParse(value, out _) => "strconv.ParseInt",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new UsageException(
                $"invalid argument \"{value}\" for \"{flag.Shown}\" flag: {wrong}: parsing \"{value}\": invalid syntax"
            );
        }

        var kept = flag.Kind == FlagKind.Switch ? Bool(value)! : value;
        if (_given.TryGetValue(flag.Name, out var values))
        {
            values.Add(kept);
        }
        else
        {
            _given[flag.Name] = [kept];
        }
    }

    private static string? Bool(string value) =>
        value switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => "true",
            "0" or "f" or "F" or "false" or "FALSE" or "False" => "false",
            _ => null,
        };
}
