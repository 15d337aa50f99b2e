// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

contract Token {
    string public symbol;
    uint8 public decimals;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Approval(address indexed owner, address indexed spender, uint256 amount);

    constructor(string memory symbol_, uint8 decimals_, uint256 supply) {
        symbol = symbol_;
        decimals = decimals_;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }
    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        require(allowed >= amount, "allowance");
        allowance[from][msg.sender] = allowed - amount;
        _move(from, to, amount);
        return true;
    }
    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
    }
    function _move(address from, address to, uint256 amount) private {
        require(balanceOf[from] >= amount, "not that much");
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}

contract Collection {
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public balanceOf;
    event Transfer(address indexed from, address indexed to, uint256 indexed id);
    event Approval(address indexed owner, address indexed spender, uint256 indexed id);
    event ApprovalForAll(address indexed owner, address indexed operator, bool allowed);

    function symbol() external pure returns (string memory) { return "ART"; }
    function supportsInterface(bytes4 id) external pure returns (bool) { return id == 0x80ac58cd || id == 0x01ffc9a7; }
    function mint(address to, uint256 id) external {
        ownerOf[id] = to;
        balanceOf[to]++;
        emit Transfer(address(0), to, id);
    }
    function transferFrom(address from, address to, uint256 id) external {
        require(ownerOf[id] == from && from == msg.sender, "not yours");
        ownerOf[id] = to;
        balanceOf[from]--;
        balanceOf[to]++;
        emit Transfer(from, to, id);
    }
    function approve(address spender, uint256 id) external { emit Approval(msg.sender, spender, id); }
    function setApprovalForAll(address operator, bool allowed) external { emit ApprovalForAll(msg.sender, operator, allowed); }
}

contract Odd {
    error Forbidden(uint256 why);
    event Transfer(address indexed from, address indexed to, uint256 amount);
    uint256 public price = 100;
    function setPrice(uint256 price_) external { price = price_; }
    /// Logs a gift that it does not give.
    function lie(address to) external { emit Transfer(address(0), to, 1000); }
    function balanceOf(address) external pure returns (uint256) { return 0; }
    function say() external pure { revert(unicode"No.\u202e"); }
    function panic() external pure returns (uint256 r) { uint256 z; r = 1 / z; }
    function custom() external pure { revert Forbidden(7); }
    function silent() external pure { revert(); }
    function burn() external pure { uint256 i; while (true) { unchecked { i++; } } }
    /// Takes the price in the token, from whoever calls.
    function buy(Token token) external { token.transferFrom(msg.sender, address(this), price); }
}

contract Proxy {
    constructor(address implementation) {
        assembly { sstore(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc, implementation) }
    }
    fallback() external payable {
        assembly {
            let to := sload(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc)
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), to, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
        }
    }
}

/// Registry and resolver of names in one.
contract Names {
    mapping(bytes32 => address) public resolver;
    mapping(bytes32 => address) public addr;
    mapping(bytes32 => string) public name;
    function setResolver(bytes32 node, address to) external { resolver[node] = to; }
    function setAddr(bytes32 node, address to) external { addr[node] = to; }
    function setName(bytes32 node, string calldata to) external { name[node] = to; }
}

contract Wildcard {
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);
    address immutable answer;
    constructor(address answer_) { answer = answer_; }
    function supportsInterface(bytes4 id) external pure returns (bool) { return id == 0x9061b923; }
    function resolve(bytes calldata, bytes calldata data) external view returns (bytes memory) {
        if (answer == address(0)) {
            string[] memory urls = new string[](1);
            urls[0] = "https://gateway.example/{sender}/{data}.json";
            revert OffchainLookup(address(this), urls, data, 0x12345678, "");
        }
        return abi.encode(answer);
    }
}

/// ERC-1155, as far as wallets ask.
contract Items {
    mapping(address => mapping(uint256 => uint256)) private _balances;
    mapping(address => mapping(address => bool)) public isApprovedForAll;
    event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 amount);
    event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] amounts);
    event ApprovalForAll(address indexed owner, address indexed operator, bool allowed);

    function symbol() external pure returns (string memory) { return "BAG"; }
    function supportsInterface(bytes4 id) external pure returns (bool) { return id == 0xd9b67a26 || id == 0x01ffc9a7; }
    function balanceOf(address owner, uint256 id) external view returns (uint256) { return _balances[owner][id]; }
    function setApprovalForAll(address operator, bool allowed) external {
        isApprovedForAll[msg.sender][operator] = allowed;
        emit ApprovalForAll(msg.sender, operator, allowed);
    }
    function mint(address to, uint256[] calldata ids, uint256[] calldata amounts) external {
        for (uint256 i; i < ids.length; i++) _balances[to][ids[i]] += amounts[i];
        emit TransferBatch(msg.sender, address(0), to, ids, amounts);
    }
    function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes calldata) external {
        require(from == msg.sender || isApprovedForAll[from][msg.sender], "not yours");
        _balances[from][id] -= amount;
        _balances[to][id] += amount;
        emit TransferSingle(msg.sender, from, to, id, amount);
    }
}

/// ERC-721 with permissions that are remembered.
contract Gallery {
    mapping(uint256 => address) private _owners;
    mapping(uint256 => address) private _approved;
    mapping(address => mapping(address => bool)) public isApprovedForAll;
    event Transfer(address indexed from, address indexed to, uint256 indexed id);
    event Approval(address indexed owner, address indexed spender, uint256 indexed id);
    event ApprovalForAll(address indexed owner, address indexed operator, bool allowed);

    function symbol() external pure returns (string memory) { return "GAL"; }
    function supportsInterface(bytes4 id) external pure returns (bool) { return id == 0x80ac58cd || id == 0x01ffc9a7; }
    function ownerOf(uint256 id) public view returns (address owner) {
        owner = _owners[id];
        require(owner != address(0), "nobody's");
    }
    function getApproved(uint256 id) external view returns (address) {
        ownerOf(id);
        return _approved[id];
    }
    function mint(address to, uint256 id) external {
        _owners[id] = to;
        emit Transfer(address(0), to, id);
    }
    function approve(address spender, uint256 id) external {
        require(ownerOf(id) == msg.sender, "not yours");
        _approved[id] = spender;
        emit Approval(msg.sender, spender, id);
    }
    function setApprovalForAll(address operator, bool allowed) external {
        isApprovedForAll[msg.sender][operator] = allowed;
        emit ApprovalForAll(msg.sender, operator, allowed);
    }
    function safeTransferFrom(address from, address to, uint256 id) external {
        require(ownerOf(id) == from && from == msg.sender, "not yours");
        _owners[id] = to;
        delete _approved[id];
        emit Transfer(from, to, id);
    }
}

contract Feed {
    uint8 public constant decimals = 8;
    int256 private _answer;
    uint256 private _at;
    constructor(int256 answer_) { set(answer_, block.timestamp); }
    function set(int256 answer_, uint256 at) public { _answer = answer_; _at = at; }
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (7, _answer, _at, _at, 7);
    }
}

/// A token that does its worst, in one of several ways.
contract Hostile {
    uint256 immutable way;
    event Transfer(address indexed from, address indexed to, uint256 amount);
    constructor(uint256 way_) { way = way_; }
    /// Says that somebody moved something, which nobody did.
    function claim(address from, address to, uint256 amount) external { emit Transfer(from, to, amount); }
    function symbol() external view returns (string memory) {
        if (way == 2) return string(new bytes(1 << 16));
        if (way == 3) return unicode"USD\u202eC";
        return "EVIL";
    }
    function decimals() external view returns (uint256) { return way == 4 ? 255 : 18; }
    function supportsInterface(bytes4) external view returns (bool) { if (way == 1) _burn(); return false; }
    function balanceOf(address) external view returns (uint256) {
        if (way == 1) _burn();
        if (way == 5) assembly { mstore(0, not(0)) revert(0, 4096) }
        if (way == 6) assembly { mstore(0, 1) return(1, 31) }
        return 1e18;
    }
    function _burn() private pure { uint256 i; while (true) { unchecked { i++; } } }
}

/// Takes an asset and owes it back as a token of its own, as lending pools do (Aave v3 `supply`).
contract Pool {
    string public symbol = "aTST";
    uint8 public decimals = 6;
    mapping(address => uint256) public balanceOf;
    event Transfer(address indexed from, address indexed to, uint256 amount);

    function supply(Token asset, uint256 amount, address onBehalfOf, uint16) external {
        asset.transferFrom(msg.sender, address(this), amount);
        balanceOf[onBehalfOf] += amount;
        emit Transfer(address(0), onBehalfOf, amount);
    }
}

/// One owner's word suffices, as in a Safe with a threshold of one whose owner sends the transaction.
contract Multisig {
    address private immutable _owner;
    constructor(address owner) { _owner = owner; }
    function execTransaction(
        address to, uint256 value, bytes calldata data, uint8 operation,
        uint256, uint256, uint256, address, address payable, bytes calldata
    ) external payable returns (bool success) {
        require(msg.sender == _owner, "not the owner");
        (success, ) = operation == 0 ? to.call{value: value}(data) : to.delegatecall(data);
        require(success, "the call failed");
    }
}

/// Several calls out of one, packed as Safe's MultiSend has them: operation, to, value, length, data.
contract MultiSend {
    function multiSend(bytes memory transactions) external payable {
        uint256 at = 0;
        while (at < transactions.length) {
            address to;
            uint256 value;
            uint256 length;
            assembly {
                let place := add(add(transactions, 0x20), at)
                to := shr(96, mload(add(place, 1)))
                value := mload(add(place, 21))
                length := mload(add(place, 53))
            }
            bytes memory data = new bytes(length);
            for (uint256 i = 0; i < length; i++) data[i] = transactions[at + 85 + i];
            (bool success, ) = to.call{value: value}(data);
            require(success, "one of them failed");
            at += 85 + length;
        }
    }
}

/// What it gives depends on the block: nobody can know it beforehand.
contract Lottery {
    function play(Token token) external {
        if (block.number % 2 == 0) token.transfer(msg.sender, 1_000_000);
        else token.transferFrom(msg.sender, address(this), 1_000_000);
    }
}
