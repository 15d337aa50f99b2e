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
